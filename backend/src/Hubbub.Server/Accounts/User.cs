namespace Hubbub.Server.Accounts;

/// <summary>The wire contract's <c>user</c>.</summary>
internal sealed record User(Guid Id, string UserName, IReadOnlyList<string> Roles)
{
    public static User Of(Account account) => new(account.Id, account.UserName, account.Roles);
}

/// <summary>The wire contract's <c>session</c>.</summary>
/// <param name="AccessToken">A JSON Web Token.</param>
/// <param name="ExpiresAt">From when it is no longer accepted.</param>
/// <param name="User">Whose it is.</param>
internal sealed record SessionAnswer(string AccessToken, DateTimeOffset ExpiresAt, User User);

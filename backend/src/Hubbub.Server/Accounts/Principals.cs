using System.Security.Claims;

namespace Hubbub.Server.Accounts;

/// <summary>Who is signed in, read from an access token's claims.</summary>
public static class Principals
{
    internal const string IdClaim = "sub";
    internal const string NameClaim = "name";
    internal const string RoleClaim = "role";

    /// <summary>The id of the person who is signed in.</summary>
    /// <exception cref="InvalidOperationException">Nobody is: the endpoint or hub lacks an authorization requirement.</exception>
    public static Guid UserId(this ClaimsPrincipal user) =>
        Guid.TryParseExact(user.FindFirstValue(IdClaim), "d", out var id) ? id : throw new InvalidOperationException("Nobody is signed in");

    /// <summary>The name of the person who is signed in.</summary>
    /// <exception cref="InvalidOperationException">Nobody is: the endpoint or hub lacks an authorization requirement.</exception>
    public static string UserName(this ClaimsPrincipal user) =>
        user.FindFirstValue(NameClaim) ?? throw new InvalidOperationException("Nobody is signed in");
}

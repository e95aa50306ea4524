namespace Hubbub.Server.Accounts;

/// <summary>A person's account, as <c>UserManager</c> works on it.</summary>
internal sealed class Account
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string UserName { get; set; }

    public string? PasswordHash { get; set; }

    public string SecurityStamp { get; set; } = string.Empty;

    /// <summary>Changes with every write; a writer that does not know the present one has read an older state and fails.</summary>
    public string ConcurrencyStamp { get; set; } = Guid.NewGuid().ToString("n");

    public int FailedSignIns { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>Out of <see cref="Accounts.Roles"/>.</summary>
    public string[] Roles { get; set; } = [];
}

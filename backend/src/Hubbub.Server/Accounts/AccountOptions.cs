using System.ComponentModel.DataAnnotations;

namespace Hubbub.Server.Accounts;

/// <summary>Section <c>Accounts</c>.</summary>
internal sealed class AccountOptions : IValidatableObject
{
    private const int MinKeyBytes = 32;

    /// <summary>How long an access token is valid, 1 s to 1 h. Hub connections end with it and come back with a new one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A session ends when it was not refreshed for so long, 1 min to 365 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromDays(14);

    /// <summary>A session ends so long after signing in, whatever happens, 1 min to 730 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "730.00:00:00")]
    public TimeSpan SessionMax { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long after a refresh the replaced token is taken for that of another tab, or for a repetition, instead of a thief's; and how
    /// long no further refresh replaces it. 0 (every use of a replaced token is theft) to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often sessions that have ended are deleted, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Wrong passwords in a row until the account is locked, 3 to 100.</summary>
    [Range(3, 100)]
    public int LockoutAfter { get; set; } = 10;

    /// <summary>How long it is locked, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LockoutFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Signs access tokens: base64 of at least 32 random bytes, the same on all replicas. Without it they share one in the database.</summary>
    public string? SigningKey { get; set; }

    /// <summary>Whether a database without a user <c>admin</c> gets one.</summary>
    public bool SeedAdmin { get; set; }

    /// <summary>The password of that user, 8 to 128 characters. Without it a random one is printed to standard output.</summary>
    [StringLength(Credentials.MaxPassword, MinimumLength = Credentials.MinPassword)]
    public string? AdminPassword { get; set; }

    /// <summary>How often one may try.</summary>
    [Required]
    public AccountRates RateLimits { get; set; } = new();

    /// <summary>The configured signing key; null if there is none.</summary>
    public byte[]? ReadSigningKey() => string.IsNullOrWhiteSpace(SigningKey) ? null : Convert.FromBase64String(SigningKey.Trim());

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrWhiteSpace(SigningKey))
        {
            var bytes = new byte[SigningKey.Length];
            if (!Convert.TryFromBase64String(SigningKey.Trim(), bytes, out var length) || length < MinKeyBytes)
                yield return new ValidationResult($"Accounts__SigningKey has to be base64 of at least {MinKeyBytes} bytes.", [nameof(SigningKey)]);
        }

        foreach (var rate in new[] { RateLimits.Login.PerAddress, RateLimits.Login.PerAccount, RateLimits.Register.PerAddress, RateLimits.Register.PerAccount })
        {
            if (rate is < 1 or > 1_000_000)
                yield return new ValidationResult("A rate of Accounts__RateLimits is 1 to 1000000 a minute.", [nameof(RateLimits)]);
        }
    }
}

/// <summary>Section <c>Accounts:RateLimits</c>. All hold for one replica.</summary>
internal sealed class AccountRates
{
    /// <summary>For signing in.</summary>
    public AttemptRates Login { get; set; } = new() { PerAddress = 60, PerAccount = 20 };

    /// <summary>For registering.</summary>
    public AttemptRates Register { get; set; } = new() { PerAddress = 30, PerAccount = 10 };
}

/// <summary>Attempts a minute, 1 to 1,000,000; as many may come at once.</summary>
internal sealed class AttemptRates
{
    /// <summary>From one IPv4 address, or one /64 network of IPv6.</summary>
    public int PerAddress { get; set; }

    /// <summary>For one user name.</summary>
    public int PerAccount { get; set; }
}

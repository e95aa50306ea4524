using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace Hubbub.Server.Accounts;

/// <summary>Checks names and passwords. Takes about as long for a name that nobody has.</summary>
internal sealed partial class SignIn(UserManager<Account> accounts, IPasswordHasher<Account> hasher, ILogger<SignIn> logger)
{
    private const int MaxConflicts = 20;

    // A password nobody has, hashed the first time it is needed.
    private static readonly Account Nobody = new() { UserName = "nobody" };
    private static string? _nobodysHash;

    /// <summary>The account, or null: no such name, wrong password or locked, and no telling which.</summary>
    public async Task<User?> TryAsync(string userName, string password)
    {
        var account = await accounts.FindByNameAsync(userName);
        if (account?.PasswordHash is null)
        {
            _nobodysHash ??= hasher.HashPassword(Nobody, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            hasher.VerifyHashedPassword(Nobody, _nobodysHash, password);
            return null;
        }

        // Also for a locked account, or the time would tell.
        var isRight = await accounts.CheckPasswordAsync(account, password);
        if (await accounts.IsLockedOutAsync(account))
        {
            Log.Locked(logger, account.Id);
            return null;
        }

        if (!isRight)
        {
            await CountFailureAsync(account);
            return null;
        }

        // Lost against a failure at the same moment, it stays counted: harmless.
        if (account.FailedSignIns > 0)
            await accounts.ResetAccessFailedCountAsync(account);
        return User.Of(account);
    }

    // Failures may come at the same moment on several replicas. Each has to count, so whoever wrote on top of an old state reads again.
    private async Task CountFailureAsync(Account account)
    {
        for (var conflict = 0; conflict < MaxConflicts; conflict++)
        {
            var result = await accounts.AccessFailedAsync(account);
            if (result.Succeeded)
                return;

            var again = await accounts.FindByIdAsync(account.Id.ToString("d"));
            if (again is null || await accounts.IsLockedOutAsync(again))
                return;
            account = again;
        }

        Log.NotCounted(logger, account.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Somebody tried to sign in to the locked account {UserId}", EventName = "SignInLocked")]
        public static partial void Locked(ILogger logger, Guid userId);

        [LoggerMessage(2, LogLevel.Warning, "A failed sign-in to account {UserId} could not be counted", EventName = "SignInNotCounted")]
        public static partial void NotCounted(ILogger logger, Guid userId);
    }
}

using System.Security.Cryptography;
using Hubbub.Server.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Accounts;

/// <summary>Gives a database its first administrator, if that is wanted.</summary>
internal sealed class AdminSeed(IServiceScopeFactory scopes, IOptions<AccountOptions> options) : IHostedService
{
    /// <summary>The administrator's name, which nobody can register.</summary>
    public const string UserName = "admin";

    private const string PasswordCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    private const int PasswordLength = 20;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.SeedAdmin)
            return;

        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        if (await accounts.FindByNameAsync(UserName) is not null)
            return;

        var password = options.Value.AdminPassword ?? RandomNumberGenerator.GetString(PasswordCharacters, PasswordLength);
        var result = await accounts.CreateAsync(new Account { UserName = UserName, Roles = [Roles.Admin] }, password);

        // Of several replicas at once, the unique name lets one through: that one knows the password. It goes to no log.
        if (result.Succeeded && options.Value.AdminPassword is null)
            await Console.Out.WriteLineAsync($"admin password: {password}");
        else if (!result.Succeeded && result.Errors.Any(e => e.Code != nameof(IdentityErrorDescriber.DuplicateUserName)))
            throw new StartException($"The user {UserName} cannot be made: {string.Join(' ', result.Errors.Select(e => e.Description))}");
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

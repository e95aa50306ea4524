using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace Hubbub.Server.Accounts;

/// <summary>The key that signs access tokens: the configured one, or one that the first replica makes and all others read.</summary>
internal sealed class SigningKey(NpgsqlDataSource database, IOptions<AccountOptions> options) : IHostedService
{
    private const string SecretName = "access token signing key";
    private const int KeyBytes = 32;

    private SymmetricSecurityKey? _key;

    /// <summary>The key, once the replica has started.</summary>
    public SymmetricSecurityKey Key => _key ?? throw new InvalidOperationException("The signing key has not been read yet");

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken) =>
        _key = new SymmetricSecurityKey(options.Value.ReadSigningKey() ?? await ShareAsync(cancellationToken));

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Whoever comes first writes; whoever loses that race waits for the winner's commit and then reads its key.
    private async Task<byte[]> ShareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into shared_secrets (name, value) values (@SecretName, @value) on conflict do nothing",
            new { SecretName, value = RandomNumberGenerator.GetBytes(KeyBytes) },
            cancellationToken: cancellationToken));
        return await connection.QuerySingleAsync<byte[]>(new CommandDefinition(
            "select value from shared_secrets where name = @SecretName", new { SecretName }, cancellationToken: cancellationToken));
    }
}

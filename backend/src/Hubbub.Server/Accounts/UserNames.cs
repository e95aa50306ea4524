using Dapper;
using Npgsql;

namespace Hubbub.Server.Accounts;

/// <summary>Finds people by name.</summary>
internal sealed class UserNames(NpgsqlDataSource database)
{
    /// <summary>The id of the account with this name, without regard to case; null if there is none.</summary>
    public async Task<Guid?> FindAsync(string userName, CancellationToken cancellationToken)
    {
        if (!Credentials.IsUserName(userName))
            return null;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            """select id from users where lower(user_name collate "C") = lower(@userName collate "C")""",
            new { userName },
            cancellationToken: cancellationToken));
    }
}

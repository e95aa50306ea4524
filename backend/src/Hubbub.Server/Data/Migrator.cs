using Dapper;
using Npgsql;

namespace Hubbub.Server.Data;

/// <summary>Brings the schema up to date. Any number of replicas may do so at once: each step is run by exactly one of them.</summary>
internal sealed partial class Migrator(NpgsqlDataSource database, IReadOnlyList<MigrationFile> files, ILogger<Migrator> logger)
{
    // Any number that nobody else uses: "hubbub" in ASCII.
    private const long LockKey = 0x687562627562;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StartException">An applied file has changed since, or a file is wrong. Earlier steps stay applied.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await CreateHistoryAsync(connection, cancellationToken);
        var applied = await ReadHistoryAsync(connection, cancellationToken);
        Compare(applied);
        foreach (var file in files.Where(f => !applied.ContainsKey(f.Number)))
            await ApplyAsync(connection, file, cancellationToken);
    }

    private static async Task CreateHistoryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, transaction, cancellationToken);

        // Even "if not exists" can fail when two do it at once, hence the lock.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            create table if not exists schema_migrations (
                number integer primary key,
                name text not null,
                checksum text not null,
                applied_at timestamptz not null default now()
            )
            """,
            transaction: transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<Dictionary<int, Applied>> ReadHistoryAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<Applied>(new CommandDefinition(
            "select number, name, checksum from schema_migrations", cancellationToken: cancellationToken))).ToDictionary(a => a.Number);

    // Whoever waits here waits for another replica's step, which may well take longer than an ordinary command.
    private static async Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(@LockKey)", new { LockKey }, transaction, commandTimeout: 600, cancellationToken: cancellationToken));

    private async Task ApplyAsync(NpgsqlConnection connection, MigrationFile file, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, transaction, cancellationToken);

        // Another replica may have been faster.
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from schema_migrations where number = @Number)", new { file.Number }, transaction, cancellationToken: cancellationToken)))
        {
            return;
        }

        try
        {
            // Not through Dapper, which would look for parameters in it.
            await using var command = new NpgsqlCommand(file.Sql, connection, transaction) { CommandTimeout = 600 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new StartException($"Migration {file.Number:000}_{file.Name} failed: {e.MessageText}", e);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            "insert into schema_migrations (number, name, checksum) values (@Number, @Name, @Checksum)",
            new { file.Number, file.Name, file.Checksum },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        Log.Applied(logger, file.Number, file.Name);
    }

    private void Compare(Dictionary<int, Applied> applied)
    {
        var known = files.ToDictionary(f => f.Number);
        foreach (var step in applied.Values)
        {
            if (!known.TryGetValue(step.Number, out var file))
                Log.FromTheFuture(logger, step.Number, step.Name);
            else if (file.Checksum != step.Checksum)
                throw new StartException($"Migration {step.Number:000}_{step.Name} has changed since it was applied to this database: add a new one instead");
        }
    }

    private sealed record Applied(int Number, string Name, string Checksum);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Migration {Number:000} {Name} applied", EventName = "MigrationApplied")]
        public static partial void Applied(ILogger logger, int number, string name);

        // During a rolling update the old version still has to be able to start.
        [LoggerMessage(2, LogLevel.Warning, "The database has migration {Number:000} {Name} of a newer version", EventName = "MigrationUnknown")]
        public static partial void FromTheFuture(ILogger logger, int number, string name);
    }
}

using Dapper;
using Npgsql;

namespace Hubbub.Server.Data;

/// <summary>A lock of the cluster, held until the end of a transaction in which things are told to everyone.</summary>
internal static class SettlementLock
{
    /// <summary>Waits at most five seconds for it.</summary>
    /// <exception cref="PostgresException">Somebody else has held it for that long.</exception>
    public static async Task TakeAsync(NpgsqlTransaction transaction, string name, CancellationToken cancellationToken)
    {
        // A replica that is frozen while it holds the lock loses it, with its transaction, after ten seconds.
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            select set_config('lock_timeout', '5s', true), set_config('idle_in_transaction_session_timeout', '10s', true);
            select pg_advisory_xact_lock(hashtextextended(@name, 0))
            """,
            new { name },
            transaction,
            cancellationToken: cancellationToken));
    }
}

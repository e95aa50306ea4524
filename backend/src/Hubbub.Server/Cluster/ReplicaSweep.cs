using Dapper;
using Npgsql;

namespace Hubbub.Server.Cluster;

/// <summary>Removes replicas whose lease has ended, and hands their connections to whoever has to act on their loss.</summary>
internal sealed partial class ReplicaSweep(NpgsqlDataSource database, IEnumerable<IConnectionsLost> handlers, ILogger<ReplicaSweep> logger)
{
    private const int MaxConnections = 500;
    private const int MaxRounds = 100;

    /// <summary>Sweeps what there is, a bounded part of it if there is very much. Any number of replicas may sweep at once.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds && await SweepSomeAsync(cancellationToken); round++)
        {
        }
    }

    // False if there was nothing to sweep. The handlers run before the commit: if they fail, or this replica dies, the rows are still there.
    private async Task<bool> SweepSomeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var dead = await connection.QuerySingleOrDefaultAsync<DeadReplica>(new CommandDefinition(
            "select id, name from replicas where lease_until <= now() order by lease_until limit 1 for update skip locked",
            transaction: transaction,
            cancellationToken: cancellationToken));
        if (dead is null)
            return false;

        var lost = (await connection.QueryAsync<TrackedConnection>(new CommandDefinition(
            """
            delete from connections where connection_id in (
                select connection_id from connections where replica_id = @Id limit @MaxConnections)
            returning connection_id, hub, user_id
            """,
            new { dead.Id, MaxConnections },
            transaction,
            cancellationToken: cancellationToken))).AsList();
        if (lost.Count > 0)
        {
            foreach (var handler in handlers)
                await handler.ConnectionsLostAsync(lost, cancellationToken);
        }

        if (lost.Count < MaxConnections)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "delete from replicas where id = @Id", new { dead.Id }, transaction, cancellationToken: cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
        Log.Swept(logger, dead.Name, lost.Count);
        return true;
    }

    private sealed record DeadReplica(Guid Id, string Name);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The lease of replica {Name} has ended; {Connections} of its connections were removed", EventName = "ReplicaSwept")]
        public static partial void Swept(ILogger logger, string name, int connections);
    }
}

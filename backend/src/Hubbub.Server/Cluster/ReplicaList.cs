using Dapper;
using Npgsql;

namespace Hubbub.Server.Cluster;

/// <summary>A live replica, as the wire contract has it.</summary>
/// <param name="Name">Unique in the cluster.</param>
/// <param name="Url">Where browsers reach it.</param>
/// <param name="Connections">Open hub connections.</param>
/// <param name="StartedAt">By the database's clock.</param>
/// <param name="Version">Of the software.</param>
internal sealed record Replica(string Name, string Url, long Connections, DateTimeOffset StartedAt, string Version);

/// <summary>Which replicas there are to choose from.</summary>
internal sealed class ReplicaList(NpgsqlDataSource database)
{
    private const int MaxReplicas = 1000;

    /// <summary>The replicas that are alive and not stopping, by name.</summary>
    public async Task<IReadOnlyList<Replica>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Replica>(new CommandDefinition(
            """
            select r.name, r.url, (select count(*) from connections c where c.replica_id = r.id) as connections, r.started_at, r.version
            from replicas r
            where r.lease_until > now() and not r.is_leaving
            order by r.name, r.started_at
            limit @MaxReplicas
            """,
            new { MaxReplicas },
            cancellationToken: cancellationToken))).AsList();
    }
}

using System.Collections.Frozen;
using Dapper;
using Npgsql;

namespace Hubbub.Server.Cluster;

/// <summary>
/// The origins of replicas seen in the last 24 hours, this one's among them: a page may have been loaded from a replica that is gone
/// and call another one.
/// </summary>
internal sealed class ReplicaOrigins(NpgsqlDataSource database, ReplicaIdentity identity, TimeProvider time) : IDisposable
{
    private const int MaxOrigins = 1000;
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private FrozenSet<string> _known = FrozenSet<string>.Empty;
    private long _readAt;

    /// <summary>The set as last read, at most one heartbeat ago while the database answers.</summary>
    public FrozenSet<string> Known => Volatile.Read(ref _known);

    /// <summary>Whether an origin belongs to a replica. Reads again for an unknown one, at most once a second.</summary>
    public async ValueTask<bool> ContainsAsync(string origin, CancellationToken cancellationToken)
    {
        if (Known.Contains(origin))
            return true;
        if (time.GetElapsedTime(Volatile.Read(ref _readAt)) < MinAge)
            return false;

        try
        {
            await RefreshAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // What is known has to do; the heartbeat reports it.
        }

        return Known.Contains(origin);
    }

    /// <summary>Notes this replica's own origin and reads all.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);

            // Written every ten minutes only: a row that changes with every heartbeat is work for the vacuum and for nothing else.
            var origins = await connection.QueryAsync<string>(new CommandDefinition(
                """
                insert into replica_origins (origin) values (@Url)
                on conflict (origin) do update set last_seen = now() where replica_origins.last_seen < now() - interval '10 minutes';
                delete from replica_origins where last_seen < now() - interval '24 hours';
                select origin from replica_origins order by last_seen desc limit @MaxOrigins
                """,
                new { identity.Url, MaxOrigins },
                cancellationToken: cancellationToken));
            Volatile.Write(ref _known, origins.ToFrozenSet(StringComparer.Ordinal));
            Volatile.Write(ref _readAt, time.GetTimestamp());
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _refreshing.Dispose();
}

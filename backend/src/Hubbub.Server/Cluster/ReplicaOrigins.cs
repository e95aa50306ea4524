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

    private readonly SemaphoreSlim _reading = new(1, 1);
    private FrozenSet<string> _known = FrozenSet<string>.Empty;
    private long _readAt;

    /// <summary>The set as last read, at most one heartbeat ago while the database answers.</summary>
    public FrozenSet<string> Known => Volatile.Read(ref _known);

    /// <summary>Whether an origin belongs to a replica, one that is ready by now at the latest: for an unknown origin the set is read again.</summary>
    public async ValueTask<bool> ContainsAsync(string origin, CancellationToken cancellationToken)
    {
        if (Known.Contains(origin))
            return true;

        try
        {
            await ReadAsync(time.GetTimestamp(), cancellationToken);
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
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            // Written every ten minutes only: a row that changes with every heartbeat is work for the vacuum and for nothing else.
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into replica_origins (origin) values (@Url)
                on conflict (origin) do update set last_seen = now() where replica_origins.last_seen < now() - interval '10 minutes';
                delete from replica_origins where last_seen < now() - interval '24 hours'
                """,
                new { identity.Url },
                cancellationToken: cancellationToken));
        }

        await ReadAsync(time.GetTimestamp(), cancellationToken);
    }

    // One read at a time, and one for all who wait for it: however many foreign pages ask, the database hardly notices.
    private async Task ReadAsync(long since, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_readAt > since)
                return;

            var readAt = time.GetTimestamp();
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var origins = await connection.QueryAsync<string>(new CommandDefinition(
                "select origin from replica_origins order by last_seen desc limit @MaxOrigins", new { MaxOrigins }, cancellationToken: cancellationToken));
            Volatile.Write(ref _known, origins.ToFrozenSet(StringComparer.Ordinal));
            _readAt = readAt;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _reading.Dispose();
}

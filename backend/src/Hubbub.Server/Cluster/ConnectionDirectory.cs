using System.Collections.Concurrent;
using Dapper;
using Hubbub.Server.Platform;
using Npgsql;

namespace Hubbub.Server.Cluster;

/// <summary>
/// Who is connected, as the whole cluster sees it: the table <c>connections</c>, of which this replica keeps its own rows true.
/// Readers use the view <c>live_connections</c> (connection_id, replica_id, hub, user_id, since).
/// </summary>
internal sealed partial class ConnectionDirectory(
    NpgsqlDataSource database, ReplicaLease lease, TimeProvider time, ILogger<ConnectionDirectory> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Outage _outage = new(time);

    // What is true here; the rows follow it.
    private readonly ConcurrentDictionary<string, TrackedConnection> _open = new(StringComparer.Ordinal);
    private volatile bool _isDoubtful;

    /// <summary>Whether rows may differ from what is open, because the database was away when they should have changed.</summary>
    public bool IsDoubtful => _isDoubtful;

    /// <summary>Makes a connection known. Call it first in <c>OnConnectedAsync</c>: once it returns, every replica sees the row.</summary>
    /// <param name="hub">The hub's route without the slash, such as <c>chatHub</c>.</param>
    /// <param name="connectionId">SignalR's connection id.</param>
    /// <param name="userId">Whose it is.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="NpgsqlException">The database is away; the connection is not known.</exception>
    /// <exception cref="TimeoutException">This replica has had no lease for 10 seconds; the connection is not known.</exception>
    public async Task AddAsync(string hub, string connectionId, Guid userId, CancellationToken cancellationToken)
    {
        var connection = new TrackedConnection(connectionId, hub, userId);
        _open[connectionId] = connection;
        try
        {
            // A second round if the lease ends between the two statements; a third would mean a machine too slow to serve.
            var id = await WaitForLeaseAsync(cancellationToken);
            if (!await WriteAsync(id, [connection], cancellationToken))
            {
                await lease.RenewAsync(cancellationToken);
                id = await WaitForLeaseAsync(cancellationToken);
                if (!await WriteAsync(id, [connection], cancellationToken))
                    throw new TimeoutException("This replica's lease ends faster than it can be renewed");
            }
        }
        catch
        {
            _open.TryRemove(connectionId, out _);
            _isDoubtful = true;
            throw;
        }
    }

    /// <summary>
    /// Forgets a connection. Call it in <c>OnDisconnectedAsync</c>; unknown ids are no error. If the database is away the row goes with
    /// one of the next heartbeats, so this does not throw for it.
    /// </summary>
    public async Task RemoveAsync(string connectionId)
    {
        _open.TryRemove(connectionId, out _);
        try
        {
            await using var session = await database.OpenConnectionAsync();
            await session.ExecuteAsync("delete from connections where connection_id = @connectionId", new { connectionId });
            _outage.End();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            _isDoubtful = true;
            var level = _outage.Fail();
            Log.NotRemoved(logger, level, connectionId, e);
        }
    }

    /// <summary>Makes the rows of this replica equal to its open connections. Connections may come and go meanwhile.</summary>
    public async Task ReconcileAsync(Guid leaseId, CancellationToken cancellationToken)
    {
        _isDoubtful = false;
        try
        {
            var open = _open.Values.ToList();
            await using var session = await database.OpenConnectionAsync(cancellationToken);
            var noted = (await session.QueryAsync<string>(new CommandDefinition(
                "select connection_id from connections where replica_id = @leaseId",
                new { leaseId },
                cancellationToken: cancellationToken))).ToHashSet(StringComparer.Ordinal);

            // AddAsync is in _open before it writes, so a row that is read but not in _open now belongs to a connection that has ended.
            await DeleteAsync([.. noted.Where(id => !_open.ContainsKey(id))], cancellationToken);

            var missing = open.Where(c => !noted.Contains(c.ConnectionId)).ToList();
            if (missing.Count == 0)
                return;
            if (!await WriteAsync(leaseId, missing, cancellationToken))
                _isDoubtful = true;

            // Some may have ended, and deleted their row in vain, before it was written.
            await DeleteAsync([.. missing.Select(c => c.ConnectionId).Where(id => !_open.ContainsKey(id))], cancellationToken);
        }
        catch
        {
            _isDoubtful = true;
            throw;
        }
    }

    private async Task<Guid> WaitForLeaseAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await lease.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("This replica has no lease", e);
        }
    }

    // False if the lease has ended. A row of an earlier lease of this replica that nobody has swept yet moves to the new one.
    private async Task<bool> WriteAsync(Guid leaseId, List<TrackedConnection> connections, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var written = await session.ExecuteAsync(new CommandDefinition(
                """
                insert into connections (connection_id, replica_id, hub, user_id)
                select c.connection_id, r.id, c.hub, c.user_id
                from unnest(@ids, @hubs, @users) as c (connection_id, hub, user_id)
                join replicas r on r.id = @leaseId and r.lease_until > now()
                on conflict (connection_id) do update set replica_id = excluded.replica_id
                """,
                new
                {
                    leaseId,
                    ids = connections.ConvertAll(c => c.ConnectionId),
                    hubs = connections.ConvertAll(c => c.Hub),
                    users = connections.ConvertAll(c => c.UserId),
                },
                cancellationToken: cancellationToken));
            return written == connections.Count;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            // The lease was swept between being read and being referred to.
            return false;
        }
    }

    private async Task DeleteAsync(string[] connectionIds, CancellationToken cancellationToken)
    {
        if (connectionIds.Length == 0)
            return;
        await using var session = await database.OpenConnectionAsync(cancellationToken);
        await session.ExecuteAsync(new CommandDefinition(
            "delete from connections where connection_id = any(@connectionIds)", new { connectionIds }, cancellationToken: cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ConnectionNotRemoved", Message = "Connection {ConnectionId} ended; the database is to learn it later")]
        public static partial void NotRemoved(ILogger logger, LogLevel level, string connectionId, Exception exception);
    }
}

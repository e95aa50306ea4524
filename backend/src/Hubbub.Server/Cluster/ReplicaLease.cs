using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Cluster;

/// <summary>
/// This replica's lease in the database. A lease that has ended is never renewed, others may have acted upon its end already:
/// the replica takes a new one.
/// </summary>
internal sealed class ReplicaLease(NpgsqlDataSource database, ReplicaIdentity identity, IOptions<ReplicaOptions> options)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<Guid> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? _startedAt;

    /// <summary>The lease's id; null while the replica holds none.</summary>
    public Guid? Id => _held.Task is { IsCompletedSuccessfully: true } held ? held.Result : null;

    /// <summary>The lease's id, as soon as the replica holds one.</summary>
    public Task<Guid> WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _held.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes a new lease, and ends one that an earlier process left behind under the same name and address.</summary>
    public async Task<Guid> TakeAsync(CancellationToken cancellationToken)
    {
        Forget();
        var id = Guid.CreateVersion7();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Two processes cannot listen on one address, so the earlier one is dead: nobody has to wait for its lease to run out.
        await connection.ExecuteAsync(new CommandDefinition(
            "update replicas set lease_until = now() where name = @Name and url = @Url and lease_until > now()",
            new { identity.Name, identity.Url },
            transaction,
            cancellationToken: cancellationToken));
        _startedAt = await connection.QuerySingleAsync<DateTimeOffset>(new CommandDefinition(
            """
            insert into replicas (id, name, url, version, started_at, lease_until)
            values (@id, @Name, @Url, @Version, coalesce(@_startedAt, now()), now() + @Lease)
            returning started_at
            """,
            new { id, identity.Name, identity.Url, ReplicaIdentity.Version, _startedAt, options.Value.Lease },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);

        lock (_gate)
            _held.SetResult(id);
        return id;
    }

    /// <summary>Renews the lease. False, and forgotten, if it has ended.</summary>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        if (Id is not { } id)
            return false;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var renewed = await connection.ExecuteAsync(new CommandDefinition(
            "update replicas set lease_until = now() + @Lease where id = @id and lease_until > now()",
            new { id, options.Value.Lease },
            cancellationToken: cancellationToken));
        if (renewed == 0)
            Forget();
        return renewed == 1;
    }

    /// <summary>Takes this replica off the list that clients choose from, while its connections still count.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update replicas set is_leaving = true where id = @Id", new { Id }, cancellationToken: cancellationToken));
    }

    /// <summary>Ends the lease. Connections that are still noted are then swept by another replica.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (Id is not { } id)
            return;

        Forget();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update replicas set lease_until = now() where id = @id and lease_until > now();
            delete from replicas where id = @id and not exists (select from connections where replica_id = @id)
            """,
            new { id },
            cancellationToken: cancellationToken));
    }

    private void Forget()
    {
        lock (_gate)
        {
            if (_held.Task.IsCompleted)
                _held = new TaskCompletionSource<Guid>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

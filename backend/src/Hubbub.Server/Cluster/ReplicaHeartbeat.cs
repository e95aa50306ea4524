using Hubbub.Server.Platform;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Cluster;

/// <summary>Keeps this replica's lease, its connections' rows and its view of the cluster up to date, and ends them with the replica.</summary>
internal sealed partial class ReplicaHeartbeat(
    ReplicaLease lease,
    ConnectionDirectory directory,
    ReplicaSweep sweep,
    ReplicaOrigins origins,
    IHostApplicationLifetime lifetime,
    IOptions<ReplicaOptions> options,
    TimeProvider time,
    ILogger<ReplicaHeartbeat> logger) : BackgroundService, IHostedLifecycleService
{
    // Rows are compared with the open connections now and then even if nothing went wrong.
    private const int BeatsBetweenReconciliations = 30;

    private readonly SemaphoreSlim _beating = new(1, 1);
    private readonly Outage _outage = new(time);
    private int _beats;

    /// <summary>One heartbeat. Never throws for a database that is away.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        await _beating.WaitAsync(cancellationToken);
        try
        {
            // Its pages may call others from the moment it is listed, so its origin is known before.
            await origins.RefreshAsync(cancellationToken);
            await KeepLeaseAsync(cancellationToken);
            await sweep.SweepAsync(cancellationToken);
            if (_outage.End())
                Log.Back(logger);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            var level = _outage.Fail();
            Log.Away(logger, level, e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A handler of somebody else's; the next heartbeat tries again.
            Log.Failed(logger, e);
        }
        finally
        {
            _beating.Release();
        }
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Before the hubs close their connections, so that nobody who looks for another replica is sent back here.
        try
        {
            await lease.LeaveAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            var level = _outage.Fail();
            Log.Away(logger, level, e);
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await lease.ReleaseAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            Log.NotReleased(logger, e);
        }
    }

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _beating.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nobody shall be sent to a replica that does not listen yet.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stoppingToken);

        using var timer = new PeriodicTimer(options.Value.Heartbeat, time);
        do
        {
            await BeatAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task KeepLeaseAsync(CancellationToken cancellationToken)
    {
        var hadOne = lease.Id is not null;
        var isNew = false;
        if (!await lease.RenewAsync(cancellationToken))
        {
            if (hadOne)
                Log.Lost(logger);
            await lease.TakeAsync(cancellationToken);
            isNew = true;
        }

        if ((isNew || directory.IsDoubtful || ++_beats % BeatsBetweenReconciliations == 0) && lease.Id is { } id)
            await directory.ReconcileAsync(id, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "This replica's lease had ended: it was paused, or the database away, for too long. Taking a new one", EventName = "LeaseLost")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(EventId = 2, EventName = "HeartbeatAway", Message = "The heartbeat does not reach the database")]
        public static partial void Away(ILogger logger, LogLevel level, Exception exception);

        [LoggerMessage(3, LogLevel.Information, "The heartbeat reaches the database again", EventName = "HeartbeatBack")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(4, LogLevel.Error, "The heartbeat failed and will be repeated", EventName = "HeartbeatFailed")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(5, LogLevel.Warning, "The lease could not be released; it will run out", EventName = "LeaseNotReleased")]
        public static partial void NotReleased(ILogger logger, Exception exception);
    }
}

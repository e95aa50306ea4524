using Hubbub.Backplane;
using Hubbub.Server.Platform;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>Finishes what another replica, or this one while the backplane was away, has stored and not told.</summary>
internal sealed partial class ChatSweep(
    MessageOutbox outbox,
    MessagePublication publication,
    MembershipSync memberships,
    ChatPresence presence,
    IOptions<ChatOptions> options,
    TimeProvider time,
    ILogger<ChatSweep> logger) : BackgroundService
{
    private readonly Outage _outage = new(time);

    // Since when somebody has been found online or offline without anybody having been told.
    private Dictionary<Guid, long> _drifted = [];

    /// <summary>One round over everything that is overdue.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var room in await outbox.ClaimOverdueAsync(cancellationToken))
                await TryAsync(room, () => publication.PublishRoomAsync(room.RoomId, room.UpTo), cancellationToken);
            foreach (var membership in await memberships.ClaimOverdueAsync(cancellationToken))
                await TryAsync(membership, () => memberships.SettleAsync(membership.RoomId, membership.UserId, cancellationToken), cancellationToken);
            await SweepPresenceAsync(cancellationToken);
            _outage.End();
        }
        catch (Exception e) when (e is BackplaneUnavailableException or NpgsqlException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            var level = _outage.Fail();
            Log.Away(logger, level, e);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, "presence", e);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await SweepAsync(stoppingToken);
    }

    // Only those who were found some time ago as well: somebody who loads a page again is between two connections.
    private async Task SweepPresenceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var before = _drifted;
        _drifted = (await presence.FindDriftedAsync(cancellationToken)).ToDictionary(id => id, id => before.GetValueOrDefault(id, now));
        var lasting = _drifted.Where(d => d.Value < now && time.GetElapsedTime(d.Value, now) >= options.Value.OfflineAfter).Select(d => d.Key).ToList();
        if (lasting.Count > 0)
            await presence.TellAsync(lasting, cancellationToken);
    }

    // One that fails for a reason of its own does not keep the others waiting; the round ends when nothing can succeed.
    private async Task TryAsync(object what, Func<Task> finish, CancellationToken cancellationToken)
    {
        try
        {
            await finish();
        }
        catch (Exception e) when (e is not (BackplaneUnavailableException or NpgsqlException { IsTransient: true } or TimeoutException)
            && !cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, what, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "What another replica may have left could not be finished: {What}", EventName = "SweepFailed")]
        public static partial void Failed(ILogger logger, object what, Exception exception);

        [LoggerMessage(EventId = 2, EventName = "SweepAway", Message = "The sweep does not reach the database or the backplane")]
        public static partial void Away(ILogger logger, LogLevel level, Exception exception);
    }
}

using System.Threading.Channels;
using Hubbub.Server.Cluster;
using Hubbub.Server.Platform;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Chat;

/// <summary>
/// Looks at the people whose connections opened or closed, some at a time, so that connecting does not wait for telling. What it misses
/// (its queue is full, the database is away, the replica dies) is found by <see cref="ChatSweep"/>.
/// </summary>
internal sealed partial class PresenceWatch(
    ChatPresence presence,
    IOptions<ChatOptions> options,
    TimeProvider time,
    ILogger<PresenceWatch> logger) : BackgroundService, IConnectionsLost
{
    private const int MaxAtOnce = 100;

    private readonly Outage _outage = new(time);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<Guid> _queue = Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Looks at somebody soon.</summary>
    public void Look(Guid userId) => _queue.Writer.TryWrite(userId);

    /// <inheritdoc />
    public Task ConnectionsLostAsync(IReadOnlyList<TrackedConnection> connections, CancellationToken cancellationToken)
    {
        // Only looked at here: the connections count as lost already, and a look that is missed is found by the sweep.
        foreach (var connection in connections.Where(c => c.Hub == ChatHub.Route))
            Look(connection.UserId);
        return Task.CompletedTask;
    }

    /// <summary>Looks at somebody after the time it takes to load a page again.</summary>
    public void LookLater(Guid userId) => _ = LookLaterAsync(userId, _stopping.Token);

    /// <inheritdoc />
    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _queue.Reader.WaitToReadAsync(stoppingToken))
        {
            var people = new HashSet<Guid>();
            while (people.Count < MaxAtOnce && _queue.Reader.TryRead(out var userId))
                people.Add(userId);

            try
            {
                await presence.TellAsync(people, stoppingToken);
                _outage.End();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                var level = _outage.Fail();
                Log.NotTold(logger, level, people.Count, e);
            }
        }
    }

    private async Task LookLaterAsync(Guid userId, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(options.Value.OfflineAfter, time, stoppingToken);
            Look(userId);
        }
        catch (OperationCanceledException)
        {
            // The replica stops; its people come back on another one, and the sweep there finds those who do not.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "PresenceNotTold", Message = "Who came and went among {Count} people could not be told yet")]
        public static partial void NotTold(ILogger logger, LogLevel level, int count, Exception exception);
    }
}

using Hubbub.Server.Accounts;
using Hubbub.Server.Cluster;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Quiz;

/// <summary>The door to the live statistics. It only speaks.</summary>
internal sealed partial class StatisticsHub(
    QuizStatistics statistics, StatisticsPublication publication, ConnectionDirectory directory, ILogger<StatisticsHub> logger)
    : Hub<IStatisticsClient>
{
    /// <summary>Where it is mapped, and its name in the directory of connections.</summary>
    public const string Route = "statisticsHub";

    private const int MaxSnapshots = 5;

    /// <inheritdoc />
    public override async Task OnConnectedAsync()
    {
        try
        {
            await directory.AddAsync(Route, Context.ConnectionId, Context.User!.UserId(), Context.ConnectionAborted);
            await SendSnapshotAsync();
        }
        catch (Exception e)
        {
            // To throw would send a close message that forbids to reconnect, and would skip OnDisconnectedAsync.
            if (!Context.ConnectionAborted.IsCancellationRequested)
                Log.NotEntered(logger, Context.ConnectionId, e);
            Context.Abort();
        }
    }

    /// <inheritdoc />
    public override Task OnDisconnectedAsync(Exception? exception) => directory.RemoveAsync(Context.ConnectionId);

    // Between reading and sending, everybody may have been told newer numbers, which this one would be shown before the older snapshot. Who
    // goes by the versions does not mind; for the others the last word has to be the newest one.
    private async Task SendSnapshotAsync()
    {
        for (var i = 0; i < MaxSnapshots; i++)
        {
            var snapshot = await statistics.ReadSnapshotAsync(Context.ConnectionAborted);
            await Clients.Caller.UpdateStatistics(snapshot);
            if (!await publication.IsPastAsync(snapshot.Version, Context.ConnectionAborted))
                return;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Connection {ConnectionId} could not be shown the statistics and is dropped", EventName = "NotShown")]
        public static partial void NotEntered(ILogger logger, string connectionId, Exception exception);
    }
}

using Hubbub.Server.Accounts;
using Hubbub.Server.Cluster;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Quiz;

/// <summary>The door to the live statistics. It only speaks.</summary>
internal sealed class StatisticsHub(QuizStatistics statistics, IStatisticsPublication publication, ConnectionDirectory directory)
    : Hub<IStatisticsClient>
{
    /// <summary>Where it is mapped, and its name in the directory of connections.</summary>
    public const string Route = "statisticsHub";

    private const int MaxSnapshots = 5;

    /// <inheritdoc />
    public override async Task OnConnectedAsync()
    {
        await directory.AddAsync(Route, Context.ConnectionId, Context.User!.UserId(), Context.ConnectionAborted);
        await SendSnapshotAsync();
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
}

using Hubbub.Backplane;
using Hubbub.Server.Cluster;
using Npgsql;

namespace Hubbub.Server.Stocks;

/// <summary>What administrators do to the market, through any replica.</summary>
internal sealed partial class StockMarket(
    MarketStore store, MarketPublication publication, MarketView view, MarketBell bell, ReplicaIdentity replica, TimeProvider time, ILogger<StockMarket> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Tells the market something and everybody of it. When this returns, this replica shows what it led to.</summary>
    /// <returns>False if a new day was to begin while the market is open.</returns>
    public async Task<bool> TellAsync(MarketCommand command, Guid userId, string userName)
    {
        var result = await store.CommandAsync(command, userId, userName, replica.Name, time.GetUtcNow());
        if (result.Command is not { } done)
            return result.Outcome == CommandOutcome.Unchanged;

        Log.Told(logger, command, userName);
        try
        {
            await publication.PublishCommandAsync(done);
        }
        catch (Exception e) when (e is BackplaneUnavailableException or NpgsqlException or TimeoutException)
        {
            // It took effect. The leader tells it as soon as anybody can.
            Log.NotPublished(logger, command, e);
        }

        bell.Ring();
        using var patience = new CancellationTokenSource(Patience, time);
        await ((Task)view.WhenAsync(latest => latest.Status.Position >= result.Position, patience.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Command} of the market by {UserName}", EventName = "MarketTold")]
        public static partial void Told(ILogger logger, MarketCommand command, string userName);

        [LoggerMessage(2, LogLevel.Warning, "{Command} of the market took effect and will be told later", EventName = "MarketNotPublished")]
        public static partial void NotPublished(ILogger logger, MarketCommand command, Exception exception);
    }
}

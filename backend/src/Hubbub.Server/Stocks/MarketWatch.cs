using Hubbub.Server.Platform;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Stocks;

/// <summary>
/// Keeps <see cref="MarketView"/> up to date from what is stored: the ticks after the last one it has, when the bell rings or some time has
/// passed. Whoever leads, this replica too, is followed in the same way.
/// </summary>
internal sealed partial class MarketWatch(
    MarketStore store, MarketView view, MarketBell bell, IOptions<StockOptions> options, TimeProvider time, ILogger<MarketWatch> logger) : BackgroundService
{
    private readonly Outage _outage = new(time);

    /// <summary>Sees to it that there is a market, and shows it, before anybody can ask for it.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.ListAsync(Companies.Take(options.Value.Companies), options.Value.Seed, time.GetUtcNow(), cancellationToken);
        view.Show(await store.SnapshotAsync(cancellationToken));
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await bell.WaitAsync(options.Value.PollInterval, stoppingToken);
            try
            {
                await RefreshAsync(stoppingToken);
                if (_outage.End())
                    Log.Back(logger);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // What is shown grows old, and its times say so.
                var level = _outage.Fail();
                Log.Away(logger, level, e);
            }
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var latest = view.Latest!;
            var (marketId, status, ticks) = await store.AfterAsync(latest.Sequence, cancellationToken);
            if (ticks.Count == 0 && status == latest.Status && marketId == latest.MarketId)
                return;

            // Ticks that are gone already, a company that is new, or another database: all of it is read again.
            var next = marketId == latest.MarketId ? latest.After(ticks, status) : null;
            view.Show(next ?? await store.SnapshotAsync(cancellationToken));
            if (ticks.Count < MarketStore.MostTicks)
                return;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "MarketAway", Message = "The market cannot be read")]
        public static partial void Away(ILogger logger, LogLevel level, Exception exception);

        [LoggerMessage(2, LogLevel.Information, "The market can be read again", EventName = "MarketBack")]
        public static partial void Back(ILogger logger);
    }
}

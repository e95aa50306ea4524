using System.Runtime.CompilerServices;

namespace Hubbub.Server.Stocks;

/// <summary>
/// The market for one viewer, at the viewer's pace. It holds nothing but the number of the tick that the viewer has seen: what changed since
/// then is found when the viewer asks for more, so one that does not read costs nothing and comes back to the latest prices.
/// </summary>
internal sealed class PriceStream(MarketView view, StockMetrics metrics, TimeProvider time)
{
    /// <summary>The most items a second that can be asked for; as many as there are ticks is asked for by 0.</summary>
    public const int MostPerSecond = 20;

    /// <summary>A snapshot of all stocks, then again and again the stocks that changed since the item before.</summary>
    /// <param name="updatesPerSecond">1 to 20, or 0 for an item as soon as there is a tick.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<PriceUpdate> ReadAsync(int updatesPerSecond, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pause = updatesPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1) / updatesPerSecond;
        var seen = await view.ReadAsync(cancellationToken);
        while (true)
        {
            var given = time.GetTimestamp();
            yield return Item(seen, seen.Stocks, conflated: 0, isSnapshot: true);

            // Of another market, as after a restored database, nothing can be told that follows what the viewer has seen.
            var market = seen.MarketId;
            var sequence = seen.Sequence;
            while (true)
            {
                // The viewer asked for the next one by now, which may have been long ago or just then.
                if (pause - time.GetElapsedTime(given) is { Ticks: > 0 } rest)
                    await Task.Delay(rest, time, cancellationToken);
                seen = await view.WhenAsync(latest => latest.Sequence != sequence || latest.MarketId != market, cancellationToken);
                if (seen.MarketId != market || seen.Sequence < sequence)
                    break;

                var conflated = seen.Sequence - sequence - 1;
                metrics.Conflated(conflated);
                var before = sequence;
                sequence = seen.Sequence;
                given = time.GetTimestamp();
                yield return Item(seen, seen.Stocks.Where(stock => stock.Sequence > before), conflated, isSnapshot: false);
            }
        }
    }

    private PriceUpdate Item(MarketSnapshot market, IEnumerable<Stock> stocks, long conflated, bool isSnapshot) =>
        new(market.Sequence, market.TickedAt, time.GetUtcNow(), conflated, isSnapshot, market.Status.State, [.. stocks.Select(stock => stock.ToPrice())]);
}

/// <summary>An item of the stream.</summary>
/// <param name="Sequence">The last tick in it.</param>
/// <param name="TickedAt">When that was.</param>
/// <param name="SentAt">When this replica made the item.</param>
/// <param name="Conflated">How many ticks beyond one were folded into it.</param>
/// <param name="IsSnapshot">All stocks, not only those that changed.</param>
/// <param name="MarketState">As known here at that time.</param>
/// <param name="Prices">The latest of each stock.</param>
internal sealed record PriceUpdate(
    long Sequence, DateTimeOffset TickedAt, DateTimeOffset SentAt, long Conflated, bool IsSnapshot, MarketState MarketState, IReadOnlyList<StockPrice> Prices);

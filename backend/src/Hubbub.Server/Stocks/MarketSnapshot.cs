using System.Collections.Frozen;

namespace Hubbub.Server.Stocks;

/// <summary>The whole market after a tick. Nothing in it changes; the next tick makes the next one.</summary>
internal sealed class MarketSnapshot
{
    private readonly FrozenDictionary<string, int> _places;
    private readonly Stock[] _stocks;

    public MarketSnapshot(Guid marketId, long sequence, DateTimeOffset tickedAt, MarketStatus status, IEnumerable<Stock> stocks)
    {
        MarketId = marketId;
        Sequence = sequence;
        TickedAt = tickedAt;
        Status = status;
        _stocks = [.. stocks];
        _places = _stocks.Index().ToFrozenDictionary(s => s.Item.Symbol, s => s.Index, StringComparer.Ordinal);
    }

    private MarketSnapshot(MarketSnapshot before, long sequence, DateTimeOffset tickedAt, MarketStatus status, Stock[] stocks)
    {
        MarketId = before.MarketId;
        Sequence = sequence;
        TickedAt = tickedAt;
        Status = status;
        _stocks = stocks;
        _places = before._places;
    }

    /// <summary>The market.</summary>
    public Guid MarketId { get; }

    /// <summary>The last tick.</summary>
    public long Sequence { get; }

    /// <summary>When it was.</summary>
    public DateTimeOffset TickedAt { get; }

    /// <summary>What is true of the market beside its prices.</summary>
    public MarketStatus Status { get; }

    /// <summary>All stocks in the order of the list.</summary>
    public IReadOnlyList<Stock> Stocks => _stocks;

    /// <summary>The snapshot after the ticks that follow this one; null if they do not follow, or list a company that is new.</summary>
    public MarketSnapshot? After(IReadOnlyList<MarketTick> ticks, MarketStatus status)
    {
        var stocks = (Stock[])_stocks.Clone();
        var sequence = Sequence;
        foreach (var tick in ticks)
        {
            if (tick.Sequence != ++sequence)
                return null;
            foreach (var price in tick.Prices)
            {
                if (!_places.TryGetValue(price.Symbol, out var place))
                    return null;
                stocks[place] = new Stock(price, stocks[place].Name, stocks[place].Sector);
            }
        }

        return new MarketSnapshot(this, sequence, ticks.Count > 0 ? ticks[^1].TickedAt : TickedAt, status, stocks);
    }
}

/// <summary>What is true of the market beside its prices.</summary>
/// <param name="State">Whether it moves.</param>
/// <param name="Position">The last tick or command, in the order in which both are published.</param>
/// <param name="Published">The last of them that is known to be published.</param>
/// <param name="Replica">The replica that took the office of the leader last; empty if none has.</param>
/// <param name="Term">Its term; 0 if there was none.</param>
internal sealed record MarketStatus(MarketState State, long Position, long Published, string Replica, long Term);

namespace Hubbub.Server.Stocks;

/// <summary>What a leader has to know to go on: the last tick, and every stock after it.</summary>
/// <param name="MarketId">The market.</param>
/// <param name="Seed">The market's.</param>
/// <param name="Sequence">The last tick.</param>
/// <param name="Stocks">In the order of the list.</param>
internal sealed record MarketBook(Guid MarketId, long Seed, long Sequence, IReadOnlyList<WalkingStock> Stocks)
{
    /// <summary>The stocks that move in the next tick, as they are after it.</summary>
    public IReadOnlyList<WalkingStock> Next() => RandomWalk.Step(Seed, Sequence + 1, Stocks);

    /// <summary>The book after the next tick.</summary>
    public MarketBook After(IReadOnlyList<WalkingStock> moved)
    {
        var bySymbol = moved.ToDictionary(stock => stock.Symbol, StringComparer.Ordinal);
        return this with { Sequence = Sequence + 1, Stocks = [.. Stocks.Select(stock => bySymbol.GetValueOrDefault(stock.Symbol, stock))] };
    }
}

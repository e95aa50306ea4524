namespace Hubbub.Server.Stocks;

/// <summary>
/// Where prices go. A tick follows from the market's seed, its own number and the prices before it, and from nothing else: nobody has to hand a
/// generator's state to the next leader. All of it is whole numbers and decimals, so that it is the same on every machine.
/// </summary>
internal static class RandomWalk
{
    /// <summary>No price is lower.</summary>
    public const decimal Lowest = 0.01m;

    // Of a hundred stocks so many move in a tick, besides the one that moves in any case.
    private const int MovesOfHundred = 30;

    /// <summary>The stocks that move in a tick, at least one, in the order of the list and each to another price.</summary>
    /// <param name="seed">The market's.</param>
    /// <param name="sequence">The tick's number.</param>
    /// <param name="stocks">All stocks, in an order that does not change.</param>
    public static IReadOnlyList<WalkingStock> Step(long seed, long sequence, IReadOnlyList<WalkingStock> stocks)
    {
        var numbers = new Numbers(seed, sequence);
        var always = numbers.Below(stocks.Count);
        var moved = new List<WalkingStock>();
        for (var i = 0; i < stocks.Count; i++)
        {
            // Each stock takes the same count of numbers whether it moves or not, so that one's fate does not hang on another's.
            var moves = numbers.Below(100) < MovesOfHundred;
            var size = 1 + numbers.Below(stocks[i].Volatility);
            var direction = numbers.Below(1000);
            if (moves || i == always)
                moved.Add(stocks[i].At(Move(stocks[i], size, direction)));
        }

        return moved;
    }

    private static decimal Move(WalkingStock stock, int size, int direction)
    {
        var step = Math.Max(Lowest, Math.Round(stock.Price * size / 10_000, 2, MidpointRounding.AwayFromZero));

        // The further it is from where it began, the more it is drawn back: twice the first price falls in 7 of 10 steps.
        var drawnBack = Math.Clamp((stock.Price - stock.FirstPrice) / stock.FirstPrice * 200, -200, 200);
        var rises = direction < 500 - drawnBack || stock.Price - step < Lowest;
        return rises ? stock.Price + step : stock.Price - step;
    }

    // SplitMix64, begun anew for each tick.
    private struct Numbers(long seed, long sequence)
    {
        private ulong _state = Mix((ulong)seed) ^ Mix((ulong)sequence + 0x632BE59BD9B4E019);

        // The bias towards small numbers is less than one in 2^50 for the limits used here.
        public int Below(int limit)
        {
            _state += 0x9E3779B97F4A7C15;
            return (int)(Mix(_state) % (ulong)limit);
        }

        private static ulong Mix(ulong z)
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

/// <summary>A stock as the leader goes on from it.</summary>
internal sealed record WalkingStock(
    string Symbol, decimal FirstPrice, int Volatility, decimal Price, decimal DayOpen, decimal DayHigh, decimal DayLow)
{
    /// <summary>The stock after a move.</summary>
    public WalkingStock At(decimal price) => this with { Price = price, DayHigh = Math.Max(DayHigh, price), DayLow = Math.Min(DayLow, price) };
}

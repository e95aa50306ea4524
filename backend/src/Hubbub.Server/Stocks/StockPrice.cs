namespace Hubbub.Server.Stocks;

/// <summary>What a stock costs after a tick, as the contract has it.</summary>
/// <param name="Symbol">Names the stock.</param>
/// <param name="Price">At least 0.01, with two decimals.</param>
/// <param name="DayOpen">The price with which the day began.</param>
/// <param name="DayHigh">The highest of the day.</param>
/// <param name="DayLow">The lowest of the day.</param>
/// <param name="Sequence">The market's tick that brought the price.</param>
/// <param name="TickedAt">When that was; never falls while the sequence rises.</param>
public record StockPrice(
    string Symbol, decimal Price, decimal DayOpen, decimal DayHigh, decimal DayLow, long Sequence, DateTimeOffset TickedAt)
{
    /// <summary>Since the day began.</summary>
    public decimal Change => Price - DayOpen;

    /// <summary>The same in percent of the day's first price, with two decimals.</summary>
    public decimal PercentChange => Math.Round(Change / DayOpen * 100, 2, MidpointRounding.AwayFromZero);
}

/// <summary>A stock of the board: its latest price and what it is.</summary>
internal sealed record Stock : StockPrice
{
    public Stock(StockPrice price, string name, string sector)
        : base(price)
    {
        Name = name;
        Sector = sector;
    }

    /// <summary>The company's.</summary>
    public string Name { get; }

    /// <summary>What it does.</summary>
    public string Sector { get; }

    /// <summary>The price alone.</summary>
    public StockPrice ToPrice() => new(Symbol, Price, DayOpen, DayHigh, DayLow, Sequence, TickedAt);
}

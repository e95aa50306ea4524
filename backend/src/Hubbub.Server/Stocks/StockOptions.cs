using System.ComponentModel.DataAnnotations;

namespace Hubbub.Server.Stocks;

/// <summary>The section <c>Stocks</c>.</summary>
internal sealed class StockOptions
{
    public const string Section = "Stocks";

    /// <summary>How often the market moves while it is open; 20 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "01:00:00")]
    public TimeSpan TickInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many companies there are at least; 1 to 1,000. A company that is listed stays listed.</summary>
    [Range(1, Stocks.Companies.Most)]
    public int Companies { get; set; } = Stocks.Companies.Own;

    /// <summary>What the prices of a new market come from. A market keeps the seed that it was made with.</summary>
    public long Seed { get; set; } = 20_251;

    /// <summary>How many minutes of ticks and bars are kept for those who ask; 60 to 1,440. Some more are there until they are removed.</summary>
    [Range(60, 1440)]
    public int HistoryMinutes { get; set; } = 60;

    /// <summary>How often a replica looks for ticks although nothing told it of one; 20 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}

using System.Collections.ObjectModel;
using System.Globalization;
using Hubbub.Backplane;

namespace Hubbub.Server.Stocks;

/// <summary>One step of the market.</summary>
/// <param name="Sequence">Counts 1, 2, 3, … without a hole, whoever leads.</param>
/// <param name="TickedAt">Never falls while the sequence rises.</param>
/// <param name="Term">The leader's that made it; 0 if none did.</param>
/// <param name="Prices">Of the stocks that changed, at least one.</param>
internal sealed record MarketTick(long Sequence, DateTimeOffset TickedAt, long Term, IReadOnlyList<StockPrice> Prices);

/// <summary>The prices of a tick on their way to everybody: an array for clients, published once however often it is sent.</summary>
public sealed class TickPrices : ReadOnlyCollection<StockPrice>, IIdempotentPayload
{
    /// <param name="marketId">Tells markets apart whose log is the same.</param>
    /// <param name="sequence">The tick.</param>
    /// <param name="prices">Of the stocks that changed.</param>
    public TickPrices(Guid marketId, long sequence, IList<StockPrice> prices)
        : base(prices) => IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"tick:{marketId:n}:{sequence}");

    /// <inheritdoc />
    public string IdempotencyKey { get; }
}

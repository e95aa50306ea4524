using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Hubbub.Server.Stocks;

/// <summary>How the prices of a tick are kept in the database.</summary>
internal static class StoredPrices
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>As a parameter.</summary>
    public static NpgsqlParameter ToParameter(IReadOnlyList<WalkingStock> moved) => Parameter(
        moved.Select(stock => new StoredPrice(stock.Symbol, stock.Price, stock.DayOpen, stock.DayHigh, stock.DayLow)));

    /// <summary>Companies to be listed, as a parameter.</summary>
    public static NpgsqlParameter ToParameter(IReadOnlyList<Company> companies) => Parameter(companies);

    /// <summary>Reads a row of <c>sequence, ticked_at, term, prices</c>.</summary>
    public static MarketTick ReadTick(NpgsqlDataReader reader, int column = 0)
    {
        var sequence = reader.GetInt64(column);
        var tickedAt = reader.GetFieldValue<DateTimeOffset>(column + 1);
        var prices = JsonSerializer.Deserialize<StoredPrice[]>(reader.GetString(column + 3), Json)!;
        return new MarketTick(sequence, tickedAt, reader.GetInt64(column + 2), [.. prices.Select(p => p.ToPrice(sequence, tickedAt))]);
    }

    private static NpgsqlParameter Parameter<T>(IEnumerable<T> values) =>
        new() { Value = JsonSerializer.Serialize(values, Json), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private sealed record StoredPrice(string Symbol, decimal Price, decimal DayOpen, decimal DayHigh, decimal DayLow)
    {
        public StockPrice ToPrice(long sequence, DateTimeOffset tickedAt) => new(Symbol, Price, DayOpen, DayHigh, DayLow, sequence, tickedAt);
    }
}

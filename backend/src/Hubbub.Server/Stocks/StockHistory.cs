using Hubbub.Server.Platform;
using Npgsql;

namespace Hubbub.Server.Stocks;

/// <summary>The market's past, as far as it is kept.</summary>
internal sealed class StockHistory
{
    /// <summary>Bars of an hour.</summary>
    public const int MostBars = 720;

    // With 500 stocks a thousand ticks would be tens of megabytes.
    private const int MostPrices = 20_000;

    /// <summary>Little beside the five seconds from one price of a sparkline to the next.</summary>
    private static readonly TimeSpan SparklineLifetime = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _database;
    private readonly SharedReads<int, IReadOnlyDictionary<string, decimal[]>> _sparklines;

    public StockHistory(NpgsqlDataSource database, TimeProvider time)
    {
        _database = database;
        _sparklines = new(ReadSparklinesAsync, SparklineLifetime, time);
    }

    /// <summary>The bars of a stock in the last minutes before the last tick, oldest first; null if there is no such stock.</summary>
    public async Task<IReadOnlyList<Bar>?> BarsAsync(string symbol, int minutes, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(
            """
            select started_at, open, high, low, close, sequence
            from all_bars
            where symbol = $1 and started_at > (select bar_started_at from market) - $2
            order by started_at desc
            limit $3
            """);
        command.Parameters.AddWithValue(symbol);
        command.Parameters.AddWithValue(TimeSpan.FromMinutes(minutes));
        command.Parameters.AddWithValue(MostBars);
        var bars = new List<Bar>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                bars.Add(new Bar(
                    reader.GetFieldValue<DateTimeOffset>(0), reader.GetDecimal(1), reader.GetDecimal(2), reader.GetDecimal(3), reader.GetDecimal(4),
                    reader.GetInt64(5)));
            }
        }

        if (bars.Count == 0 && !await ExistsAsync(symbol, cancellationToken))
            return null;
        bars.Reverse();
        return bars;
    }

    /// <summary>The last prices of each stock, five seconds apart, oldest first; at most a second old.</summary>
    public Task<IReadOnlyDictionary<string, decimal[]>> SparklinesAsync(int points, CancellationToken cancellationToken) =>
        _sparklines.ReadAsync(points, cancellationToken);

    /// <summary>The next ticks after one: at most so many, and fewer if they hold very many prices, but at least one if there is one.</summary>
    public async Task<IReadOnlyList<MarketTick>> TicksAsync(long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(
            """
            select sequence, ticked_at, term, prices
            from (
                select sequence, ticked_at, term, prices,
                    sum(jsonb_array_length(prices)) over (order by sequence) - jsonb_array_length(prices) as prices_before
                from (select * from market_ticks where sequence > $1 order by sequence limit $2) as next) as counted
            where prices_before < $3
            order by sequence
            """);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(MostPrices);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ticks = new List<MarketTick>();
        while (await reader.ReadAsync(cancellationToken))
            ticks.Add(StoredPrices.ReadTick(reader));
        return ticks;
    }

    /// <summary>The last commands that took effect, latest first.</summary>
    public async Task<IReadOnlyList<AuditLine>> AuditAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("select command, by, at, replica, sequence from market_audit order by position desc limit $1");
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<AuditLine>();
        while (await reader.ReadAsync(cancellationToken))
            lines.Add(new AuditLine(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3), reader.GetInt64(4)));
        return lines;
    }

    private async Task<IReadOnlyDictionary<string, decimal[]>> ReadSparklinesAsync(int points)
    {
        await using var command = _database.CreateCommand(
            """
            select symbol, array_agg(close order by started_at)
            from all_bars
            where started_at > (select bar_started_at from market) - $1
            group by symbol
            """);
        command.Parameters.AddWithValue(TimeSpan.FromSeconds(5) * points);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new Dictionary<string, decimal[]>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
            lines[reader.GetString(0)] = reader.GetFieldValue<decimal[]>(1);
        return lines;
    }

    private async Task<bool> ExistsAsync(string symbol, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("select exists (select from stocks where symbol = $1)");
        command.Parameters.AddWithValue(symbol);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <summary>What a stock did in five seconds.</summary>
/// <param name="Time">When they began.</param>
/// <param name="Open">The first price in them.</param>
/// <param name="High">The highest.</param>
/// <param name="Low">The lowest.</param>
/// <param name="Close">The last.</param>
/// <param name="Sequence">The last tick that changed the price.</param>
internal sealed record Bar(DateTimeOffset Time, decimal Open, decimal High, decimal Low, decimal Close, long Sequence);

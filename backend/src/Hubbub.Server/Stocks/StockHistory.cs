using Dapper;
using Npgsql;

namespace Hubbub.Server.Stocks;

/// <summary>The market's past, as far as it is kept.</summary>
internal sealed class StockHistory(NpgsqlDataSource database)
{
    /// <summary>Bars of an hour.</summary>
    public const int MostBars = 720;

    // With 500 stocks a thousand ticks would be tens of megabytes.
    private const int MostPrices = 20_000;

    /// <summary>The bars of a stock in the last minutes before the last tick, oldest first; null if there is no such stock.</summary>
    public async Task<IReadOnlyList<Bar>?> BarsAsync(string symbol, int minutes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var bars = (await connection.QueryAsync<Bar>(new CommandDefinition(
            """
            select b.started_at as time, b.open, b.high, b.low, b.close, b.sequence
            from all_bars b
            where b.symbol = @symbol
                and b.started_at > (select bar_started_at from market) - @past
            order by b.started_at desc
            limit @MostBars
            """,
            new { symbol, past = TimeSpan.FromMinutes(minutes), MostBars },
            cancellationToken: cancellationToken))).AsList();
        if (bars.Count == 0 && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from stocks where symbol = @symbol)", new { symbol }, cancellationToken: cancellationToken)))
        {
            return null;
        }

        bars.Reverse();
        return bars;
    }

    /// <summary>The last prices of each stock, five seconds apart, oldest first.</summary>
    public async Task<IReadOnlyDictionary<string, decimal[]>> SparklinesAsync(int points, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select symbol, array_agg(close order by started_at)
            from all_bars
            where started_at > (select bar_started_at from market) - $1
            group by symbol
            """);
        command.Parameters.AddWithValue(TimeSpan.FromSeconds(5) * points);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new Dictionary<string, decimal[]>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            lines[reader.GetString(0)] = reader.GetFieldValue<decimal[]>(1);
        return lines;
    }

    /// <summary>The next ticks after one: at most so many, and fewer if they hold very many prices, but at least one if there is one.</summary>
    public async Task<IReadOnlyList<MarketTick>> TicksAsync(long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
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
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<AuditLine>(new CommandDefinition(
            "select command, by, at, replica, sequence from market_audit order by position desc limit @limit",
            new { limit },
            cancellationToken: cancellationToken))).AsList();
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

using Npgsql;

namespace Hubbub.Server.Stocks;

/// <summary>The ticks and commands that are stored and not yet published, in their common order.</summary>
internal sealed class MarketOutbox(NpgsqlDataSource database)
{
    private const int BatchSize = 50;

    /// <summary>The first of those that wait; at most 50.</summary>
    public async Task<IReadOnlyList<Waiting>> ReadAsync()
    {
        await using var command = database.CreateCommand(
            """
            select w.*, m.id
            from market m
            cross join lateral (
                (select t.sequence, t.ticked_at, t.term, t.prices, t.position, null as command, null as by, null as state
                from market_ticks t where t.position > m.published order by t.position limit $1)
                union all
                (select a.sequence, a.at, 0, null, a.position, a.command, a.by, a.state
                from market_audit a where a.position > m.published order by a.position limit $1)) w
            order by w.position
            limit $1
            """);
        command.Parameters.AddWithValue(BatchSize);
        await using var reader = await command.ExecuteReaderAsync();
        var waiting = new List<Waiting>();
        while (await reader.ReadAsync())
        {
            var (position, market) = (reader.GetInt64(4), reader.GetGuid(8));
            waiting.Add(reader.IsDBNull(5)
                ? new Waiting(market, position, StoredPrices.ReadTick(reader), null)
                : new Waiting(market, position, null, Change(
                    market, position, reader.GetString(7), reader.GetString(5), reader.GetInt64(0), reader.GetString(6),
                    reader.GetFieldValue<DateTimeOffset>(1))));
        }

        return waiting;
    }

    /// <summary>A command as everybody is told of it.</summary>
    public static MarketChange Change(Guid market, long position, string state, string command, long sequence, string by, DateTimeOffset at) =>
        new(Enum.Parse<MarketState>(state), command, sequence, by, at, $"change:{market:n}:{position}");

    /// <summary>Forgets everything up to a position: it is published.</summary>
    public async Task RemoveAsync(long upTo)
    {
        await using var command = database.CreateCommand("select market_published($1)");
        command.Parameters.AddWithValue(upTo);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A tick or a command that waits to be published.</summary>
/// <param name="MarketId">The market.</param>
/// <param name="Position">Its place in the order.</param>
/// <param name="Tick">The tick, or null.</param>
/// <param name="Change">The command, or null.</param>
internal sealed record Waiting(Guid MarketId, long Position, MarketTick? Tick, MarketChange? Change);

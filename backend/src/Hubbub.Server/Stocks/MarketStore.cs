using System.Data;
using Hubbub.Server.Cluster.Leadership;
using Npgsql;

namespace Hubbub.Server.Stocks;

/// <summary>
/// The market in the database. Whatever changes it is one statement (see the functions of the migration): a replica that freezes in the middle
/// holds no lock that others wait for.
/// </summary>
internal sealed class MarketStore(NpgsqlDataSource database)
{
    /// <summary>How many ticks are read at once.</summary>
    public const int MostTicks = 200;

    // A market that takes longer than that to write a few rows has other troubles; its leader had better try again.
    private const int TickTimeout = 5;

    private const string StatusColumns = "m.state, m.position, m.published, coalesce(l.replica, ''), coalesce(l.term, 0)";

    /// <summary>Makes the market if there is none, and lists the companies that are not listed yet.</summary>
    public async Task ListAsync(IReadOnlyList<Company> companies, long seed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select market_list($1, $2, $3)");
        command.Parameters.Add(StoredPrices.ToParameter(companies));
        command.Parameters.AddWithValue(seed);
        command.Parameters.AddWithValue(now.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The whole market.</summary>
    public async Task<MarketSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"select m.id, m.sequence, m.ticked_at, {StatusColumns} from market m left join leaderships l on l.office = 'market'"),
                new NpgsqlBatchCommand(
                    "select symbol, name, sector, price, day_open, day_high, day_low, sequence, ticked_at from stocks order by rank, symbol"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (id, sequence, tickedAt, status) =
            (reader.GetGuid(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2), ReadStatus(reader, 3));

        var stocks = new List<Stock>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var price = new StockPrice(
                reader.GetString(0), reader.GetDecimal(3), reader.GetDecimal(4), reader.GetDecimal(5), reader.GetDecimal(6), reader.GetInt64(7),
                reader.GetFieldValue<DateTimeOffset>(8));
            stocks.Add(new Stock(price, reader.GetString(1), reader.GetString(2)));
        }

        return new MarketSnapshot(id, sequence, tickedAt, status, stocks);
    }

    /// <summary>How the market stands, and the next ticks after one, at most <see cref="MostTicks"/>.</summary>
    public async Task<(Guid MarketId, MarketStatus Status, IReadOnlyList<MarketTick> Ticks)> AfterAsync(long sequence, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"select m.id, {StatusColumns} from market m left join leaderships l on l.office = 'market'"),
                new NpgsqlBatchCommand("select sequence, ticked_at, term, prices from market_ticks where sequence > $1 order by sequence limit $2")
                {
                    Parameters = { new NpgsqlParameter { Value = sequence }, new NpgsqlParameter { Value = MostTicks } },
                },
            },
        };

        // In this order: a tick or command up to the position is among the ticks that are read after it.
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (id, status) = (reader.GetGuid(0), ReadStatus(reader, 1));
        await reader.NextResultAsync(cancellationToken);
        var ticks = new List<MarketTick>();
        while (await reader.ReadAsync(cancellationToken))
            ticks.Add(StoredPrices.ReadTick(reader));
        return (id, status, ticks);
    }

    /// <summary>What a leader goes on from.</summary>
    public async Task<MarketBook> BookAsync(CancellationToken cancellationToken)
    {
        // One statement, so that the sequence and the prices belong together.
        await using var command = database.CreateCommand(
            """
            select m.id, m.seed, m.sequence, s.symbol, s.first_price, s.volatility, s.price, s.day_open, s.day_high, s.day_low
            from market m cross join stocks s
            order by s.rank, s.symbol
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var book = new MarketBook(default, 0, 0, []);
        var stocks = new List<WalkingStock>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (stocks.Count == 0)
                book = new MarketBook(reader.GetGuid(0), reader.GetInt64(1), reader.GetInt64(2), stocks);
            stocks.Add(new WalkingStock(
                reader.GetString(3), reader.GetDecimal(4), reader.GetInt32(5), reader.GetDecimal(6), reader.GetDecimal(7), reader.GetDecimal(8), reader.GetDecimal(9)));
        }

        return stocks.Count > 0 ? book : throw new InvalidOperationException("No company is listed");
    }

    /// <summary>Makes a tick, if the term is still the latest, the market open and the tick before the one expected. There is no cancellation: see who calls.</summary>
    public async Task<TickResult> TickAsync(LeaderTerm term, long sequence, DateTimeOffset now, IReadOnlyList<WalkingStock> moved)
    {
        await using var command = database.CreateCommand("select outcome, ticked_at, position, published from market_tick($1, $2, $3, $4)");
        command.CommandTimeout = TickTimeout;
        command.Parameters.AddWithValue(term.Number);
        command.Parameters.AddWithValue(sequence);
        command.Parameters.AddWithValue(now.ToUniversalTime());
        command.Parameters.Add(StoredPrices.ToParameter(moved));
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetString(0) switch
        {
            "ticked" => new TickResult(TickOutcome.Ticked, reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2), reader.GetInt64(3)),
            "closed" => new TickResult(TickOutcome.Closed),
            "moved" => new TickResult(TickOutcome.Moved),
            _ => new TickResult(TickOutcome.Deposed),
        };
    }

    /// <summary>Tells the market something. There is no cancellation: an administrator who goes away has said it all the same.</summary>
    public async Task<CommandResult> CommandAsync(MarketCommand what, Guid userId, string by, string replica, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();

        // One transaction: the caller learns that the command took effect together with what it has to publish.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("select outcome, position from market_command($1, $2, $3, $4, $5)")
                {
                    Parameters =
                    {
                        new NpgsqlParameter { Value = what.ToString() },
                        new NpgsqlParameter { Value = userId },
                        new NpgsqlParameter { Value = by },
                        new NpgsqlParameter { Value = replica },
                        new NpgsqlParameter { Value = now.ToUniversalTime() },
                    },
                },
                new NpgsqlBatchCommand(
                    "select m.id, a.state, a.command, a.sequence, a.by, a.at from market m join market_audit a on a.position = m.position"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (outcome, position) = (reader.GetString(0), reader.GetInt64(1));
        if (outcome != "done")
            return new CommandResult(outcome == "unchanged" ? CommandOutcome.Unchanged : CommandOutcome.MarketIsOpen, position);

        await reader.NextResultAsync();
        await reader.ReadAsync();
        var market = reader.GetGuid(0);
        return new CommandResult(CommandOutcome.Done, position, new Waiting(market, position, null, MarketOutbox.Change(
            market, position, reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5))));
    }

    /// <summary>Removes some of what is old; how many rows that were.</summary>
    public async Task<long> TrimAsync(LeaderTerm term, DateTimeOffset before, int rows, long mostTicks, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select market_trim($1, $2, $3, $4)");
        command.Parameters.AddWithValue(term.Number);
        command.Parameters.AddWithValue(before.ToUniversalTime());
        command.Parameters.AddWithValue(rows);
        command.Parameters.AddWithValue(mostTicks);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static MarketStatus ReadStatus(NpgsqlDataReader reader, int column) => new(
        Enum.Parse<MarketState>(reader.GetString(column)), reader.GetInt64(column + 1), reader.GetInt64(column + 2), reader.GetString(column + 3),
        reader.GetInt64(column + 4));
}

/// <summary>How a tick went.</summary>
internal enum TickOutcome
{
    /// <summary>It is stored.</summary>
    Ticked,

    /// <summary>The market is closed.</summary>
    Closed,

    /// <summary>Something else ticked in between: a reset, or a tick whose answer was lost.</summary>
    Moved,

    /// <summary>There is a later term.</summary>
    Deposed,
}

/// <summary>How a tick went.</summary>
/// <param name="Outcome">Whether it is stored; the rest has a meaning only then.</param>
/// <param name="TickedAt">Its time, not before that of the tick before.</param>
/// <param name="Position">Its place in the order of publication.</param>
/// <param name="Published">The last place that is published.</param>
internal sealed record TickResult(TickOutcome Outcome, DateTimeOffset TickedAt = default, long Position = 0, long Published = 0);

/// <summary>How a command went.</summary>
/// <param name="Outcome">Whether it took effect.</param>
/// <param name="Position">The market's last place in the order of publication.</param>
/// <param name="Command">What is to be published of it; null if it did not take effect.</param>
internal sealed record CommandResult(CommandOutcome Outcome, long Position, Waiting? Command = null);

/// <summary>How a command went.</summary>
internal enum CommandOutcome
{
    /// <summary>It took effect.</summary>
    Done,

    /// <summary>It was so already.</summary>
    Unchanged,

    /// <summary>A new day begins only while the market is closed.</summary>
    MarketIsOpen,
}

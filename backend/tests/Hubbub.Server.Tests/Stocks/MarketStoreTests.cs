using Dapper;
using Hubbub.Server.Cluster.Leadership;
using Hubbub.Server.Stocks;
using Hubbub.Server.Tests.Harness;
using Npgsql;

namespace Hubbub.Server.Tests.Stocks;

/// <summary>What the database lets happen to the market, without any replica.</summary>
public sealed class MarketStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Guid Admin = Guid.NewGuid();

    private TestDatabase? _database;
    private long _term;

    private TestDatabase Database => _database ?? throw PostgresServer.SkipOrFail();

    private MarketStore Store => new(Database.Source);

    private StockHistory History => new(Database.Source, TimeProvider.System);

    private LeaderTerm Term => new(MarketLeader.Office, _term);

    public async ValueTask InitializeAsync()
    {
        if (!PostgresServer.IsThere)
            return;
        _database = await TestDatabase.CreateAsync();
        await Store.ListAsync(Companies.Take(4), 42, Start, default);
        await RaiseTermAsync();
        await using var connection = await _database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "insert into users (id, user_name, security_stamp, concurrency_stamp) values (@Admin, 'root', '', '')", new { Admin });
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_new_market_is_open_and_its_first_tick_lists_the_companies()
    {
        var market = await Store.SnapshotAsync(default);
        Assert.Equal((1, MarketState.Open, Start), (market.Sequence, market.Status.State, market.TickedAt));
        Assert.Equal(["ACRN", "BRZE", "CLDR", "DRFT"], market.Stocks.Select(s => s.Symbol));
        Assert.All(market.Stocks, s => Assert.Equal((s.DayOpen, 0m, 0m, 1L), (s.Price, s.Change, s.PercentChange, s.Sequence)));

        var tick = Assert.Single(await History.TicksAsync(0, 10, default));
        Assert.Equal(market.Stocks.Select(s => s.ToPrice()), tick.Prices);
        Assert.Equal(0, tick.Term);
    }

    [Fact]
    public async Task Companies_that_are_added_later_are_listed_by_a_tick_and_nobody_else_changes()
    {
        await TickAsync(1, Start);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store.ListAsync(Companies.Take(30), 43, Start.AddSeconds(1), default)));

        var book = await Store.BookAsync(default);
        Assert.Equal((3, 42L, 30), (book.Sequence, book.Seed, book.Stocks.Count));
        var listed = (await History.TicksAsync(2, 10, default)).Single();
        Assert.Equal(Companies.Take(30).Skip(4).Select(c => c.Symbol), listed.Prices.Select(p => p.Symbol));
        Assert.All(listed.Prices, p => Assert.Equal(3, p.Sequence));
        Assert.Equal(TickOutcome.Ticked, (await TickAsync(3, Start)).Outcome);
    }

    [Fact]
    public async Task A_tick_moves_the_prices_and_is_kept()
    {
        var book = await Store.BookAsync(default);
        var moved = book.Next();
        var result = await Store.TickAsync(Term, 2, Start.AddSeconds(1), moved);

        Assert.Equal((TickOutcome.Ticked, Start.AddSeconds(1), 2L), (result.Outcome, result.TickedAt, result.Position));
        Assert.Equal(book.After(moved).Stocks, (await Store.BookAsync(default)).Stocks);
        var (_, status, ticks) = await Store.AfterAsync(1, default);
        Assert.Equal(2, status.Position);
        var tick = Assert.Single(ticks);
        Assert.Equal((2, Term.Number), (tick.Sequence, tick.Term));
        Assert.Equal(moved.Select(s => (s.Symbol, s.Price, s.DayHigh, s.DayLow)), tick.Prices.Select(p => (p.Symbol, p.Price, p.DayHigh, p.DayLow)));
    }

    [Fact]
    public async Task Nobody_writes_in_a_term_that_is_over()
    {
        var old = Term;
        await TickAsync(1, Start);
        await RaiseTermAsync();

        Assert.Equal(TickOutcome.Deposed, (await Store.TickAsync(old, 3, Start, (await Store.BookAsync(default)).Next())).Outcome);
        Assert.Equal(2, (await Store.BookAsync(default)).Sequence);
        Assert.Equal(0, await Store.TrimAsync(old, Start.AddDays(1), 100, 0, default));
        Assert.Equal(TickOutcome.Ticked, (await TickAsync(2, Start)).Outcome);
    }

    [Fact]
    public async Task A_tick_in_the_making_holds_up_the_next_term_until_it_is_stored()
    {
        await using var connection = await Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        Assert.True(await connection.ExecuteScalarAsync<bool>("select holds_office('market', @_term)", new { _term }, transaction));

        // Not even with the lease run out. The attempt fails at once instead of waiting.
        await using var candidate = await Database.Source.OpenConnectionAsync();
        Assert.Null(await candidate.ExecuteScalarAsync<long?>("select take_office('market', 'late', '0 s')"));
        await transaction.CommitAsync();
        await RaiseTermAsync();
    }

    [Fact]
    public async Task A_tick_that_does_not_follow_the_last_one_is_refused()
    {
        var moved = (await Store.BookAsync(default)).Next();
        Assert.Equal(TickOutcome.Moved, (await Store.TickAsync(Term, 3, Start, moved)).Outcome);
        Assert.Equal(TickOutcome.Moved, (await Store.TickAsync(Term, 1, Start, moved)).Outcome);
        Assert.Equal(1, (await Store.BookAsync(default)).Sequence);
    }

    [Fact]
    public async Task Times_never_fall_when_a_clock_is_set_back()
    {
        await TickAsync(1, Start.AddSeconds(10));
        await TickAsync(2, Start.AddSeconds(-50));
        await TickAsync(3, Start.AddSeconds(11));
        Assert.Equal(
            [Start, Start.AddSeconds(10), Start.AddSeconds(10), Start.AddSeconds(11)], (await History.TicksAsync(0, 10, default)).Select(t => t.TickedAt));
    }

    [Fact]
    public async Task A_closed_market_does_not_tick_and_goes_on_with_its_day_when_it_is_opened()
    {
        await TickAsync(1, Start);
        var before = await Store.BookAsync(default);
        var closed = await TellAsync(MarketCommand.Close);
        Assert.Equal((CommandOutcome.Done, 3L), (closed.Outcome, closed.Position));
        Assert.Equal(TickOutcome.Closed, (await Store.TickAsync(Term, 3, Start, before.Next())).Outcome);
        Assert.Equal(CommandOutcome.Unchanged, (await TellAsync(MarketCommand.Close)).Outcome);

        Assert.Equal(CommandOutcome.Done, (await TellAsync(MarketCommand.Open)).Outcome);
        Assert.Equal(before.Stocks, (await Store.BookAsync(default)).Stocks);
        Assert.Equal(TickOutcome.Ticked, (await TickAsync(2, Start)).Outcome);
    }

    [Fact]
    public async Task A_reset_begins_a_new_day_by_a_tick_of_all_stocks_and_the_sequence_goes_on()
    {
        for (var i = 1; i <= 20; i++)
            await TickAsync(i, Start.AddSeconds(i));
        Assert.Equal(CommandOutcome.MarketIsOpen, (await TellAsync(MarketCommand.Reset)).Outcome);
        await TellAsync(MarketCommand.Close);
        Assert.Equal(CommandOutcome.Done, (await TellAsync(MarketCommand.Reset)).Outcome);

        var market = await Store.SnapshotAsync(default);
        Assert.Equal((22, MarketState.Closed), (market.Sequence, market.Status.State));
        Assert.Equal(Companies.Take(4).Select(c => c.FirstPrice), market.Stocks.Select(s => s.Price));
        Assert.All(market.Stocks, s => Assert.Equal((s.Price, s.Price, s.Price, 22L), (s.DayOpen, s.DayHigh, s.DayLow, s.Sequence)));
        var tick = (await History.TicksAsync(21, 10, default)).Single();
        Assert.Equal(market.Stocks.Select(s => s.ToPrice()), tick.Prices);

        Assert.Equal(["Reset", "Close"], (await History.AuditAsync(10, default)).Select(line => line.Command));
        Assert.All(await History.AuditAsync(10, default), line => Assert.Equal(("root", "x"), (line.By, line.Replica)));
        Assert.Equal([22L, 21L], (await History.AuditAsync(10, default)).Select(line => line.Sequence));
    }

    [Fact]
    public async Task Ticks_and_commands_wait_in_one_order_until_they_are_noted_as_published()
    {
        var outbox = new MarketOutbox(Database.Source);
        await TickAsync(1, Start);
        await TellAsync(MarketCommand.Close);
        await TellAsync(MarketCommand.Reset);
        await TellAsync(MarketCommand.Open);
        await TickAsync(3, Start);

        Assert.Equal(
            ["tick 1", "tick 2", "Close", "tick 3", "Reset", "Open", "tick 4"],
            (await outbox.ReadAsync()).Select(w => w.Tick is null ? w.Change!.Command : $"tick {w.Tick.Sequence}"));
        await outbox.RemoveAsync(4);
        await outbox.RemoveAsync(2);
        Assert.Equal([5L, 6L, 7L], (await outbox.ReadAsync()).Select(w => w.Position));
        Assert.Equal(MarketState.Open, (await outbox.ReadAsync())[1].Change!.State);
    }

    [Fact]
    public async Task Ticks_become_bars_of_five_seconds_and_the_last_one_is_there_before_it_is_complete()
    {
        // Half a second apart: twelve seconds after the listing.
        for (var i = 1; i <= 24; i++)
            await TickAsync(i, Start.AddSeconds(i * 0.5));
        var ticks = await History.TicksAsync(0, 100, default);

        var bars = await History.BarsAsync("ACRN", 60, default);
        var expected = ticks.SelectMany(t => t.Prices).Where(p => p.Symbol == "ACRN")
            .GroupBy(p => Start.AddSeconds(Math.Floor((p.TickedAt - Start).TotalSeconds / 5) * 5))
            .Select(g => new Bar(g.Key, g.First().Price, g.Max(p => p.Price), g.Min(p => p.Price), g.Last().Price, g.Last().Sequence));
        Assert.Equal(expected, bars);
        Assert.Equal(3, bars!.Count);
        Assert.Equal(2, (await ScalarAsync("select count(distinct started_at) from stock_bars")));

        Assert.Equal(bars.Select(b => b.Close), (await History.SparklinesAsync(10, default))["ACRN"]);
        Assert.Null(await History.BarsAsync("NONE", 60, default));
    }

    [Fact]
    public async Task Bars_reach_back_as_far_as_asked_for()
    {
        for (var i = 1; i <= 40; i++)
            await TickAsync(i, Start.AddSeconds(i * 5));
        var all = await History.BarsAsync("ACRN", 60, default);
        var last = await History.BarsAsync("ACRN", 1, default);
        Assert.InRange(last!.Count, 1, 12);
        Assert.Equal(all!.Where(b => b.Time > Start.AddSeconds(200 - 60)), last);
    }

    [Fact]
    public async Task What_is_old_is_removed_some_at_a_time_but_nothing_that_is_not_published()
    {
        for (var i = 1; i <= 30; i++)
            await TickAsync(i, Start.AddSeconds(i * 5));
        var before = Start.AddSeconds(100);

        await Store.TrimAsync(Term, before, 1000, 1000, default);
        Assert.Equal(31, (await History.TicksAsync(0, 100, default)).Count);

        await new MarketOutbox(Database.Source).RemoveAsync(1000);
        await Store.TrimAsync(Term, before, 8, 1000, default);
        Assert.Equal(23, (await History.TicksAsync(0, 100, default)).Count);
        while (await Store.TrimAsync(Term, before, 8, 1000, default) > 0)
        {
        }

        Assert.All(await History.TicksAsync(0, 100, default), t => Assert.True(t.TickedAt >= before));
        Assert.Equal(11, (await History.TicksAsync(0, 100, default)).Count);
        Assert.Equal(0, await ScalarAsync("select count(*) from stock_bars where started_at < '2030-05-01 12:01:40Z'"));
        Assert.NotEqual(0, await ScalarAsync("select count(*) from stock_bars"));
    }

    [Fact]
    public async Task However_young_they_are_there_are_not_too_many_ticks()
    {
        for (var i = 1; i <= 30; i++)
            await TickAsync(i, Start.AddSeconds(i * 5));
        await new MarketOutbox(Database.Source).RemoveAsync(1000);
        await Store.TrimAsync(Term, Start, 1000, mostTicks: 10, default);
        Assert.Equal(22, (await History.TicksAsync(0, 100, default))[0].Sequence);
    }

    [Fact]
    public async Task A_page_of_ticks_ends_early_when_it_holds_very_many_prices()
    {
        await Store.ListAsync(Companies.Take(Companies.Most), 0, Start, default);
        await TellAsync(MarketCommand.Close);
        for (var i = 0; i < 30; i++)
            await TellAsync(MarketCommand.Reset);

        var page = await History.TicksAsync(2, 1000, default);
        Assert.Equal(20, page.Count);
        Assert.Equal(Enumerable.Range(3, 20).Select(s => (long)s), page.Select(t => t.Sequence));
    }

    // As often as it takes: the session of the term before may be about to end.
    private Task RaiseTermAsync() => Eventually.TrueAsync(async () =>
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false }.ConnectionString);
        var term = await connection.ExecuteScalarAsync<long?>("select take_office('market', 'x', '2 s')");
        _term = term ?? _term;
        return term is not null;
    });

    private async Task<TickResult> TickAsync(long after, DateTimeOffset at)
    {
        var book = await Store.BookAsync(default);
        Assert.Equal(after, book.Sequence);
        return await Store.TickAsync(Term, after + 1, at, book.Next());
    }

    private Task<CommandResult> TellAsync(MarketCommand command) => Store.CommandAsync(command, Admin, "root", "x", Start);

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

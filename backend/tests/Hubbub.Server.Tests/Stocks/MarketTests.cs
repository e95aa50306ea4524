using System.Net;
using System.Text.Json;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Stocks;

/// <summary>The board of two replicas.</summary>
public sealed class MarketTests(MarketTests.Two two) : IClassFixture<MarketTests.Two>
{
    [Fact]
    public async Task Both_replicas_show_each_tick_once_in_turn_and_with_the_same_prices()
    {
        var cluster = await two.ClusterAsync();
        await using var a = await cluster.WatchAsync(0);
        await using var b = await cluster.WatchAsync(1);
        var from = (await b.Events.WaitForAsync("UpdateStockPrices")) is var first ? StockCluster.SequenceOf(first) : 0;
        foreach (var hub in new[] { a, b })
            await hub.Events.WaitForAsync("UpdateStockPrices", e => StockCluster.SequenceOf(e) >= from + 30);

        StockCluster.CheckUpdates(a);
        StockCluster.CheckUpdates(b);
        var ticks = (await cluster.TicksAsync(1, from)).Take(30).ToDictionary(t => t.GetProperty("sequence").GetInt64(), t => t.GetProperty("prices").GetRawText());
        foreach (var hub in new[] { a, b })
        {
            var shown = hub.Events.Of("UpdateStockPrices").ToDictionary(StockCluster.SequenceOf, e => e.Payload.GetRawText());
            Assert.All(ticks, tick => Assert.Equal(tick.Value, shown[tick.Key]));
        }
    }

    [Fact]
    public async Task An_open_board_counts_as_a_connection_of_its_replica_as_long_as_it_is_open()
    {
        var cluster = await two.ClusterAsync();
        Task<long> OpenAsync() => cluster.ScalarAsync("select count(*) from live_connections where hub = 'stockTickerHub'");
        await Eventually.EqualAsync(0, OpenAsync);
        await using (await cluster.WatchAsync(1))
            Assert.Equal(1, await OpenAsync());
        await Eventually.EqualAsync(0, OpenAsync);
    }

    [Fact]
    public async Task Both_replicas_answer_with_all_stocks_in_the_form_of_the_contract()
    {
        var cluster = await two.ClusterAsync();
        for (var replica = 0; replica < 2; replica++)
        {
            await using var hub = await cluster.WatchAsync(replica);
            var stocks = (await hub.InvokeAsync("GetAllStocks")).EnumerateArray().ToList();
            Assert.Equal(24, stocks.Count);
            foreach (var stock in stocks)
            {
                Assert.Equal(
                    ["change", "dayHigh", "dayLow", "dayOpen", "name", "percentChange", "price", "sector", "sequence", "symbol", "tickedAt"],
                    stock.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
                var (price, open) = (Number(stock, "price"), Number(stock, "dayOpen"));
                Assert.Equal(price - open, Number(stock, "change"));
                Assert.Equal(Math.Round((price - open) / open * 100, 2, MidpointRounding.AwayFromZero), Number(stock, "percentChange"));
                Assert.InRange(price, Number(stock, "dayLow"), Number(stock, "dayHigh"));
            }

            Assert.Equal("Open", (await hub.InvokeAsync("GetMarketState")).GetString());
            Assert.InRange(
                (await hub.InvokeAsync("GetServerTime")).GetDateTimeOffset(),
                TimeProvider.System.GetUtcNow().AddMinutes(-1),
                TimeProvider.System.GetUtcNow().AddMinutes(1));

            var board = await cluster.GetAsync(replica, "/api/stocks");
            Assert.Equal("Open", board.GetProperty("state").GetString());
            Assert.Equal(24, board.GetProperty("stocks").GetArrayLength());
            Assert.Contains(board.GetProperty("leader").GetProperty("replica").GetString(), new[] { "a", "b" });
            Assert.True(board.GetProperty("leader").GetProperty("term").GetInt64() > 0);
        }
    }

    [Fact]
    public async Task The_past_of_a_stock_ends_with_its_latest_price()
    {
        var cluster = await two.ClusterAsync();
        await cluster.TickOnAsync(40);
        var history = await cluster.GetAsync(1, "/api/stocks/KITE/history?minutes=60");
        Assert.Equal("KITE", history.GetProperty("symbol").GetString());
        var last = history.GetProperty("points").EnumerateArray().Last();
        var tick = (await cluster.TicksAsync(0, last.GetProperty("sequence").GetInt64() - 1))[0];
        var price = tick.GetProperty("prices").EnumerateArray().Single(p => p.GetProperty("symbol").GetString() == "KITE");
        Assert.Equal(Number(price, "price"), Number(last, "close"));
        Assert.Equal(
            ["close", "high", "low", "open", "sequence", "time"], last.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));

        var lines = (await cluster.GetAsync(0, "/api/stocks/sparklines?points=10")).GetProperty("symbols");
        Assert.InRange(lines.GetProperty("KITE").GetArrayLength(), 1, 10);
    }

    [Fact]
    public async Task Nothing_comes_unasked_but_ticks()
    {
        var cluster = await two.ClusterAsync();
        await using var hub = await cluster.WatchAsync(0);
        await hub.Events.WaitForAsync("UpdateStockPrices");
        Assert.All(hub.Events.All, e => Assert.Equal("UpdateStockPrices", e.Target));
    }

    [Theory]
    [InlineData("/api/stocks/KITE/history?minutes=61", "minutes")]
    [InlineData("/api/stocks/KITE/history?minutes=x", "minutes")]
    [InlineData("/api/stocks/sparklines?points=9", "points")]
    [InlineData("/api/stocks/ticks?after=-1", "after")]
    [InlineData("/api/stocks/ticks?limit=1001", "limit")]
    [InlineData("/api/stocks/audit?limit=0", "limit")]
    public async Task Refuses_what_is_out_of_range_and_says_which(string path, string field)
    {
        var cluster = await two.ClusterAsync();
        using var client = (await cluster.AdminAsync()).On(cluster[1]);
        using var response = await client.GetAsync(path);
        Assert.Equal([field], (await Problem.ReadAsync(response, HttpStatusCode.BadRequest)).Errors!.Keys);
    }

    [Fact]
    public async Task Knows_which_stocks_there_are()
    {
        var cluster = await two.ClusterAsync();
        using var client = (await cluster.AdminAsync()).On(cluster[0]);
        foreach (var symbol in new[] { "NONE", "kite", "%E2%80%AE", new string('x', 2000) })
            await Problem.ReadAsync(await client.GetAsync($"/api/stocks/{symbol}/history"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_sees_the_market_without_signing_in_and_only_administrators_see_the_audit()
    {
        var cluster = await two.ClusterAsync();
        foreach (var path in new[] { "/api/stocks", "/api/stocks/ticks", "/api/stocks/sparklines", "/api/stocks/KITE/history", "/api/stocks/audit" })
            await Problem.ReadAsync(await cluster[0].Http.GetAsync(path), HttpStatusCode.Unauthorized);

        using var client = (await cluster[0].RegisterAsync()).On(cluster[1]);
        await Problem.ReadAsync(await client.GetAsync("/api/stocks/audit"), HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/stocks")).StatusCode);
    }

    [Fact]
    public async Task A_stream_takes_the_place_of_the_calls_and_shows_the_same()
    {
        var cluster = await two.ClusterAsync();
        await using var hub = await cluster.WatchAsync(1);
        var stream = hub.Stream("StreamPrices", 0);
        var items = await stream.WaitForAsync(i => i.Count >= 1);
        Assert.True(items[0].GetProperty("isSnapshot").GetBoolean());
        Assert.Equal(24, items[0].GetProperty("prices").GetArrayLength());

        var callsBefore = hub.Events.Of("UpdateStockPrices").Count;
        items = await stream.WaitForAsync(i => i.Count >= 20);
        Assert.Equal(callsBefore, hub.Events.Of("UpdateStockPrices").Count);
        Assert.Equal(
            ["conflated", "isSnapshot", "marketState", "prices", "sentAt", "sequence", "tickedAt"],
            items[1].EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));

        // What was left out is told: the numbers add up.
        for (var i = 1; i < items.Count; i++)
            Assert.Equal(items[i].GetProperty("sequence").GetInt64(), items[i - 1].GetProperty("sequence").GetInt64() + 1 + items[i].GetProperty("conflated").GetInt64());

        await stream.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.Ended);
    }

    [Fact]
    public async Task A_second_stream_ends_the_first()
    {
        var cluster = await two.ClusterAsync();
        await using var hub = await cluster.WatchAsync(0);
        var first = hub.Stream("StreamPrices", 20);
        await first.WaitForAsync(i => i.Count >= 2);
        var second = hub.Stream("StreamPrices", 1);
        await first.Ended;
        var items = await second.WaitForAsync(i => i.Count >= 3);
        Assert.True(items[0].GetProperty("isSnapshot").GetBoolean());
        Assert.True(items[2].GetProperty("conflated").GetInt64() > 0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(21)]
    public async Task Refuses_a_stream_of_an_odd_pace(int updatesPerSecond)
    {
        var cluster = await two.ClusterAsync();
        await using var hub = await cluster.WatchAsync(0);
        var stream = hub.Stream("StreamPrices", updatesPerSecond);
        Assert.Equal("invalid_argument", (await Assert.ThrowsAsync<HubCallException>(() => stream.Ended)).Code);

        // It is still called for each tick.
        await hub.Events.WaitForAsync("UpdateStockPrices");
    }

    private static decimal Number(JsonElement element, string member) => element.GetProperty(member).GetDecimal();

    /// <summary>Two replicas, which start when the first test asks for something.</summary>
    public sealed class Two : IAsyncDisposable
    {
        private readonly Lazy<Task<StockCluster>> _cluster = new(() => StockCluster.StartAsync(2));

        internal Task<StockCluster> ClusterAsync() => _cluster.Value;

        /// <inheritdoc />
        public async ValueTask DisposeAsync()
        {
            if (_cluster.IsValueCreated && _cluster.Value.IsCompletedSuccessfully)
                await (await _cluster.Value).DisposeAsync();
        }
    }
}

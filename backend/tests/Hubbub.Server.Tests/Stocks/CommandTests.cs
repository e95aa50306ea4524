using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Stocks;

/// <summary>Opening, closing and resetting.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Commands_from_the_replica_that_does_not_lead_reach_everybody_in_the_order_of_the_ticks_and_leave_an_audit_line()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        var other = 1 - await cluster.LeaderIndexAsync();
        await using var admin = await cluster.WatchAsync(other);
        await using var viewer = await cluster.WatchAsync(1 - other, await cluster[0].RegisterAsync());
        await viewer.Events.WaitForAsync("UpdateStockPrices");

        await admin.InvokeAsync("CloseMarket");
        Assert.Equal("Closed", (await admin.InvokeAsync("GetMarketState")).GetString());
        await viewer.Events.WaitForAsync("MarketClosed");
        var closed = await cluster.SequenceAsync();
        await admin.InvokeAsync("Reset");
        Assert.All((await admin.InvokeAsync("GetAllStocks")).EnumerateArray(), s => Assert.Equal(0m, s.GetProperty("change").GetDecimal()));
        await admin.InvokeAsync("OpenMarket");
        foreach (var hub in new[] { admin, viewer })
            await hub.Events.WaitForAsync("UpdateStockPrices", e => StockCluster.SequenceOf(e) == closed + 3);

        // Up to the last tick that was waited for: the reset is a tick of all stocks, and nothing ticks while the market is closed.
        foreach (var hub in new[] { admin, viewer })
        {
            StockCluster.CheckUpdates(hub);
            var told = hub.Events.All.SkipWhile(e => e.Target == "UpdateStockPrices" && StockCluster.SequenceOf(e) < closed)
                .Select(e => e.Target == "UpdateStockPrices" ? FormattableString.Invariant($"{StockCluster.SequenceOf(e) - closed}") : e.Target).Take(9);
            Assert.Equal(["0", "MarketClosed", "MarketChanged", "1", "MarketReset", "MarketChanged", "MarketOpened", "MarketChanged", "2"], told);
            var reset = hub.Events.Of("UpdateStockPrices").Single(e => StockCluster.SequenceOf(e) == closed + 1);
            Assert.Equal(24, reset.Payload.GetArrayLength());
            Assert.All(hub.Events.All.Where(e => e.Target is "MarketOpened" or "MarketClosed" or "MarketReset"), e => Assert.Empty(e.Arguments));
            Assert.Equal(
                [("Closed", "Close", closed, "admin"), ("Closed", "Reset", closed + 1, "admin"), ("Open", "Open", closed + 1, "admin")],
                hub.Events.Of("MarketChanged").Select(e => (e.Text("state"), e.Text("command"), e.Payload.GetProperty("sequence").GetInt64(), e.Text("by"))));
        }

        var audit = (await cluster.GetAsync(1 - other, "/api/stocks/audit")).EnumerateArray().ToList();
        Assert.Equal(
            [("Open", closed + 1), ("Reset", closed + 1), ("Close", closed)],
            audit.Select(line => (line.GetProperty("command").GetString(), line.GetProperty("sequence").GetInt64())));
        Assert.All(audit, line => Assert.Equal(("admin", ((char)('a' + other)).ToString()), (line.GetProperty("by").GetString(), line.GetProperty("replica").GetString())));
        Assert.All(audit, line => Assert.InRange(line.GetProperty("at").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(1)));
        await cluster.CheckRecordingAsync(0);
    }

    [Fact]
    public async Task Commands_of_others_than_administrators_are_refused_and_change_nothing()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        await using var hub = await cluster.WatchAsync(1, await cluster[0].RegisterAsync());
        foreach (var command in new[] { "OpenMarket", "CloseMarket", "Reset" })
            Assert.Equal("forbidden", (await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync(command))).Code);
        Assert.Equal("Open", (await hub.InvokeAsync("GetMarketState")).GetString());
        Assert.Equal(0, await cluster.ScalarAsync("select count(*) from market_audit"));
        await cluster.TickOnAsync();
    }

    [Fact]
    public async Task A_command_that_changes_nothing_is_not_told_and_a_reset_needs_a_closed_market()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        await using var admin = await cluster.WatchAsync(0);
        Assert.Equal("market_open", (await Assert.ThrowsAsync<HubCallException>(() => admin.InvokeAsync("Reset"))).Code);
        await admin.InvokeAsync("OpenMarket");
        await admin.InvokeAsync("CloseMarket");
        await admin.InvokeAsync("CloseMarket");
        await admin.InvokeAsync("OpenMarket");
        await admin.Events.WaitForAsync("MarketChanged", e => e.Text("command") == "Open");
        Assert.Equal(["Close", "Open"], admin.Events.Of("MarketChanged").Select(e => e.Text("command")));
        Assert.Equal(2, await cluster.ScalarAsync("select count(*) from market_audit"));
    }

    [Fact]
    public async Task Two_administrators_at_once_at_two_replicas_have_one_effect()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        await using var one = await cluster.WatchAsync(0);
        await using var other = await cluster.WatchAsync(1);
        await Task.WhenAll(one.InvokeAsync("CloseMarket"), other.InvokeAsync("CloseMarket"));
        await Task.WhenAll(one.InvokeAsync("OpenMarket"), other.InvokeAsync("OpenMarket"));
        foreach (var hub in new[] { one, other })
        {
            await hub.Events.WaitForAsync("MarketOpened");
            await hub.Events.WaitForAsync("UpdateStockPrices");
            Assert.Equal(["MarketClosed", "MarketOpened"], hub.Events.All.Select(e => e.Target).Where(t => t is "MarketClosed" or "MarketOpened"));
        }

        Assert.Equal(2, await cluster.ScalarAsync("select count(*) from market_audit"));
    }

    [Fact]
    public async Task A_command_whose_replica_could_not_tell_it_is_told_once_by_the_leader()
    {
        await using var cluster = await StockCluster.StartAsync(2, new Settings { ["Backplane:PublishBudget"] = "00:00:01" });
        var leader = await cluster.LeaderIndexAsync();
        await using var admin = await cluster.WatchAsync(1 - leader);
        await using var viewer = await cluster.WatchAsync(leader);

        cluster.Log(1 - leader).IsAway = true;
        await admin.InvokeAsync("CloseMarket");
        await viewer.Events.WaitForAsync("MarketClosed");
        cluster.Log(1 - leader).IsAway = false;
        await admin.InvokeAsync("OpenMarket");
        await viewer.Events.WaitForAsync("MarketChanged", e => e.Text("command") == "Open");
        Assert.Equal(["Close", "Open"], viewer.Events.Of("MarketChanged").Select(e => e.Text("command")));
        Assert.Single(viewer.Events.Of("MarketClosed"));
    }
}

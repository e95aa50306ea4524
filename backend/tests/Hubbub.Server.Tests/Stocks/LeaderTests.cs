using Hubbub.Server.Stocks;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Server.Tests.Stocks;

/// <summary>The replica that moves the market goes away, in all the ways there are, and another one goes on.</summary>
public sealed class LeaderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_replica_goes_on_without_a_hole_or_a_jump(bool isKilled)
    {
        await using var cluster = await StockCluster.StartAsync(3);
        var leader = await cluster.LeaderIndexAsync();
        var viewer = (leader + 1) % 3;
        await using var hub = await cluster.WatchAsync(viewer);
        await hub.Events.WaitForAsync("UpdateStockPrices");
        await cluster.TickOnAsync();

        if (isKilled)
            await cluster[leader].KillAsync();
        else
            await cluster[leader].StopAsync();
        var stoppedAt = await cluster.SequenceAsync();

        await hub.Events.WaitForAsync("UpdateStockPrices", e => StockCluster.SequenceOf(e) >= stoppedAt + 10);
        StockCluster.CheckUpdates(hub);
        Assert.NotEqual(leader, await cluster.LeaderIndexAsync());
        var ticks = await cluster.CheckRecordingAsync(viewer);
        Assert.True(ticks.Select(StockCluster.TermOf).Distinct().Count() >= 3);
    }

    [Fact]
    public async Task One_leader_after_the_other_makes_one_gap_free_recording()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        await using var a = await cluster.WatchAsync(0);
        await using var b = await cluster.WatchAsync(1);
        for (var change = 0; change < 8; change++)
        {
            // What an administrator of the database might do to it: the leader's session ends.
            await cluster.TickOnAsync(3);
            var term = await cluster.ScalarAsync("select term from leaderships");
            await cluster.ExecuteAsync("select pg_terminate_backend(pid) from leaderships");
            await Eventually.TrueAsync(async () => await cluster.ScalarAsync("select term from leaderships") > term);
        }

        await cluster.TickOnAsync(3);
        var last = await cluster.SequenceAsync();
        foreach (var hub in new[] { a, b })
        {
            await hub.Events.WaitForAsync("UpdateStockPrices", e => StockCluster.SequenceOf(e) >= last);
            StockCluster.CheckUpdates(hub);
        }

        var ticks = await cluster.CheckRecordingAsync(0);
        Assert.True(ticks.Select(StockCluster.TermOf).Distinct().Count() >= 9);
    }

    [Fact]
    public async Task A_leader_that_freezes_loses_its_office_and_writes_nothing_when_it_wakes_up()
    {
        await using var cluster = await StockCluster.StartAsync(0);
        await using var link = new FlakyLink(cluster.Database.ConnectionString);
        await cluster.AddReplicaAsync(new Settings { ["ConnectionStrings:Hubbub"] = link.ConnectionString });
        await Eventually.EqualAsync("a", cluster.LeaderAsync);
        await cluster.AddReplicaAsync();
        await cluster.TickOnAsync();
        await using var hub = await cluster.WatchAsync(1);
        await hub.Events.WaitForAsync("UpdateStockPrices");
        var term = await cluster.ScalarAsync("select term from leaderships");

        link.Freeze();
        await Eventually.EqualAsync("b", cluster.LeaderAsync);
        await cluster.TickOnAsync(10);
        link.Thaw();

        // It has noticed, and follows.
        var woke = await cluster.SequenceAsync();
        var view = cluster[0].Services.GetRequiredService<MarketView>();
        await Eventually.TrueAsync(() => Task.FromResult(view.Latest!.Sequence > woke && view.Latest.Status.Replica == "b"));
        Assert.False(cluster[0].Services.GetRequiredService<StockMetrics>().IsLeader);
        await cluster.TickOnAsync(10);

        var ticks = await cluster.CheckRecordingAsync(1);
        Assert.Equal(term, ticks.Select(StockCluster.TermOf).TakeWhile(t => t <= term).Last());
        Assert.Equal("b", await cluster.LeaderAsync());
        await hub.Events.WaitForAsync("UpdateStockPrices", e => StockCluster.SequenceOf(e) >= woke + 10);
        StockCluster.CheckUpdates(hub);
        Assert.Contains(cluster[0].Logs.Lines, line => line.Contains("no longer leads market", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_leader_whose_term_ends_behind_its_back_steps_down()
    {
        await using var cluster = await StockCluster.StartAsync(1);
        await cluster.TickOnAsync();
        await cluster.ExecuteAsync("update leaderships set term = term + 10");
        var deposedAt = await cluster.SequenceAsync();
        await cluster.TickOnAsync();

        var ticks = await cluster.CheckRecordingAsync(0);
        Assert.Equal([1L, 12L], ticks.Select(StockCluster.TermOf).Where(t => t > 0).Distinct());
        Assert.Equal(deposedAt, ticks.Last(t => StockCluster.TermOf(t) == 1).GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task A_leader_that_dies_between_commit_and_publication_loses_nothing_and_doubles_nothing()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        var leader = await cluster.LeaderIndexAsync();
        await using var hub = await cluster.WatchAsync(1 - leader);
        await hub.Events.WaitForAsync("UpdateStockPrices");

        // The tick that is stored now is published by nobody.
        cluster.Log(leader).IsAway = true;
        await Eventually.TrueAsync(async () => await cluster.ScalarAsync("select position - published from market") > 0);
        var stored = await cluster.SequenceAsync();
        await cluster[leader].KillAsync();

        await hub.Events.WaitForAsync("UpdateStockPrices", e => StockCluster.SequenceOf(e) >= stored + 10);
        Assert.Contains(stored, StockCluster.CheckUpdates(hub));
        var ticks = await cluster.CheckRecordingAsync(1 - leader);
        var shown = hub.Events.Of("UpdateStockPrices").Single(e => StockCluster.SequenceOf(e) == stored);
        Assert.Equal(ticks[(int)stored - 1].GetProperty("prices").GetRawText(), shown.Payload.GetRawText());
    }

    [Fact]
    public async Task A_leader_that_cannot_publish_leaves_the_office_to_one_that_can()
    {
        await using var cluster = await StockCluster.StartAsync(2, new Settings { ["Backplane:PublishBudget"] = "00:00:01" });
        var leader = await cluster.LeaderIndexAsync();
        await using var hub = await cluster.WatchAsync(1 - leader);
        await hub.Events.WaitForAsync("UpdateStockPrices");

        cluster.Log(leader).IsAway = true;
        await Eventually.EqualAsync(1 - leader, cluster.LeaderIndexAsync);
        await cluster.TickOnAsync();
        var last = await cluster.SequenceAsync();
        await hub.Events.WaitForAsync("UpdateStockPrices", e => StockCluster.SequenceOf(e) >= last);
        StockCluster.CheckUpdates(hub);
    }

    [Fact]
    public async Task A_tick_that_is_published_twice_is_shown_once()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        await using var hub = await cluster.WatchAsync(1);
        await hub.Events.WaitForAsync("UpdateStockPrices");
        await cluster.TickOnAsync(10);

        // As if the notes of what is published had been lost in a crash.
        await cluster.ExecuteAsync("update market set published = published - 8");
        await cluster[0].Services.GetRequiredService<MarketPublication>().PublishWaitingAsync();
        await cluster[1].Services.GetRequiredService<MarketPublication>().PublishWaitingAsync();
        var last = await cluster.SequenceAsync();
        await hub.Events.WaitForAsync("UpdateStockPrices", e => StockCluster.SequenceOf(e) > last);
        StockCluster.CheckUpdates(hub);
    }

    [Fact]
    public async Task The_database_goes_away_and_comes_back_and_the_market_goes_on()
    {
        await using var cluster = await StockCluster.StartAsync(0);
        await using var link = new FlakyLink(cluster.Database.ConnectionString);
        await cluster.AddReplicaAsync(new Settings { ["ConnectionStrings:Hubbub"] = link.ConnectionString });
        await cluster.TickOnAsync();

        link.Cut();
        await Eventually.EqualAsync(0L, () => cluster.ScalarAsync("select count(*) from pg_stat_activity where application_name = 'hubbub leadership' and datname = current_database()"));
        var cutAt = await cluster.SequenceAsync();
        link.Mend();
        await cluster.TickOnAsync();

        Assert.True(await cluster.SequenceAsync() > cutAt);
        await cluster.CheckRecordingAsync(0);
    }

    [Fact]
    public async Task After_a_restart_of_all_the_market_is_as_it_was()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        await using (var admin = await cluster.WatchAsync(0))
        {
            await cluster.TickOnAsync();
            await admin.InvokeAsync("CloseMarket");
        }

        var before = await cluster.GetAsync(0, "/api/stocks");
        await cluster[0].StopAsync();
        await cluster[1].KillAsync();
        await cluster.AddReplicaAsync();

        var after = await cluster.GetAsync(2, "/api/stocks");
        Assert.Equal("Closed", after.GetProperty("state").GetString());
        Assert.Equal(before.GetProperty("stocks").GetRawText(), after.GetProperty("stocks").GetRawText());
        Assert.Equal(before.GetProperty("sequence").GetInt64(), after.GetProperty("sequence").GetInt64());
        await using (var admin = await cluster.WatchAsync(2))
            await admin.InvokeAsync("OpenMarket");
        await cluster.TickOnAsync();
        await cluster.CheckRecordingAsync(2);
    }

    [Fact]
    public async Task A_replica_without_its_bell_still_follows()
    {
        await using var cluster = await StockCluster.StartAsync(2);
        var view = cluster[1].Services.GetRequiredService<MarketView>();
        await cluster.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen hubbub_market%' and datname = current_database()");
        var last = await cluster.SequenceAsync();
        await Eventually.TrueAsync(() => Task.FromResult(view.Latest!.Sequence > last + 20));
    }
}

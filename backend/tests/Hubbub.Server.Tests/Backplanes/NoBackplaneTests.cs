using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>Two replicas that nothing connects: each one serves its own people in full, and nobody else's.</summary>
public sealed class NoBackplaneTests : IAsyncLifetime
{
    private LoglessCluster? _cluster;

    private LoglessCluster Cluster => _cluster!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync() =>
        _cluster = await LoglessCluster.StartAsync(new Settings { ["Backplane:Store"] = "none" });

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_message_reaches_the_people_of_its_replica_and_the_others_find_it_in_the_history()
    {
        using var ada = await Cluster.NewPersonAsync();
        using var bob = await Cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var near = await bob.ConnectAsync(0);
        await near.InvokeAsync("JoinRoom", room);
        await using var far = await bob.ConnectAsync(1);

        await adas.InvokeAsync("SendMessage", room, "from a", "1");
        await far.InvokeAsync("SendMessage", room, "from b", "2");

        await near.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "from a");
        await far.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "from b");
        await Eventually.EqualAsync(0L, () => Cluster.WaitingAsync(room));
        Assert.Equal(["from a"], LoglessCluster.Texts(near));
        Assert.Equal(["from b"], LoglessCluster.Texts(far));
        var history = await bob.HistoryAsync(room, replica: 1);
        Assert.Equal(["from a", "from b"], history.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_client_that_asks_to_resume_is_told_that_nothing_connects_the_replicas()
    {
        await using var client = await Cluster.ConnectAsync("/chatHub", 1, "");
        var answer = await LoglessCluster.ResumedAsync(client);
        Assert.Equal("""{"resumed":false,"replayed":0,"reason":"unsupported","backplane":"none"}""", answer.GetRawText());
    }

    [Fact]
    public async Task What_a_replica_has_stored_and_not_published_is_published_by_that_replica()
    {
        using var ada = await Cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var here = await ada.ConnectAsync(0);
        await using var there = await ada.ConnectAsync(1);

        // As after a database that went away right behind the commit. All of them are overdue at once, whichever replica sweeps first.
        for (var i = 1; i <= 20; i++)
        {
            await Cluster.ExecuteAsync(
                $"select send_message('{Guid.CreateVersion7()}', '{room}', '{ada.Id}', '{i}', '{i}', '{"ab"[i % 2]}')");
        }

        await Cluster.ExecuteAsync($"update message_outbox set retry_at = now() - interval '1 second' where room_id = '{room}'");

        await Eventually.EqualAsync(0L, () => Cluster.WaitingAsync(room));
        await here.InvokeAsync("SendMessage", room, "the end", "end a");
        await there.InvokeAsync("SendMessage", room, "the end", "end b");
        var (even, odd) = (Numbers(i => i % 2 == 0), Numbers(i => i % 2 == 1));
        foreach (var (client, expected) in new[] { (here, even), (there, odd) })
        {
            await client.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "the end");
            Assert.Equal([.. expected, "the end"], LoglessCluster.Texts(client));
        }

        static IEnumerable<string> Numbers(Func<int, bool> which) => Enumerable.Range(1, 20).Where(which).Select(i => $"{i}");
    }

    [Fact]
    public async Task A_message_that_waits_is_not_overtaken_on_its_replica_and_holds_up_no_other_one()
    {
        using var ada = await Cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var here = await ada.ConnectAsync(0);
        await using var there = await ada.ConnectAsync(1);
        await Cluster.ExecuteAsync($"select send_message('{Guid.CreateVersion7()}', '{room}', '{ada.Id}', 'waits', '1', 'a')");
        await Cluster.ExecuteAsync($"update message_outbox set retry_at = now() + interval '1 hour' where room_id = '{room}'");

        await there.InvokeAsync("SendMessage", room, "b", "2");
        await there.Events.WaitForAsync("ReceiveMessage");
        Assert.Equal(1, await Cluster.WaitingAsync(room));
        await here.InvokeAsync("SendMessage", room, "a", "3");
        await here.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "a");

        Assert.Equal(["waits", "a"], LoglessCluster.Texts(here));
        Assert.Equal(["b"], LoglessCluster.Texts(there));
        Assert.Equal(0, await Cluster.WaitingAsync(room));
    }

    [Fact]
    public async Task What_a_replica_left_that_is_gone_is_published_by_one_that_lives()
    {
        using var ada = await Cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var here = await ada.ConnectAsync(0);
        await using var there = await ada.ConnectAsync(1);
        await Cluster.ExecuteAsync($"select send_message('{Guid.CreateVersion7()}', '{room}', '{ada.Id}', 'left', '1', 'gone')");

        await Eventually.EqualAsync(0L, () => Cluster.WaitingAsync(room));
        await Eventually.EqualAsync(1, () => Task.FromResult(LoglessCluster.Texts(here).Concat(LoglessCluster.Texts(there)).Count()));
    }

    [Fact]
    public async Task Statistics_move_on_the_replica_that_took_the_answer()
    {
        using var admin = await Cluster.AdminAsync();
        var question = await admin.MakeQuestionAsync("any");
        await using var here = await Cluster.ConnectAsync("/statisticsHub", 0);
        await using var there = await Cluster.ConnectAsync("/statisticsHub", 1);

        await admin.AnswerAsync(question, rightly: true, replica: 0);
        await here.Events.WaitForAsync("UpdateStatistics", e => Total(e) == 1);
        await admin.AnswerAsync(question, rightly: true, replica: 1);
        await there.Events.WaitForAsync("UpdateStatistics", e => Total(e) == 2);
        await admin.AnswerAsync(question, rightly: true, replica: 0);
        await here.Events.WaitForAsync("UpdateStatistics", e => Total(e) == 3);

        Assert.Equal([0L, 1L, 3L], here.Events.Of("UpdateStatistics").Select(Total).Distinct());
        Assert.Equal([0L, 2L], there.Events.Of("UpdateStatistics").Select(Total).Distinct());

        // The update names the questions of all answers that were counted since, on any replica.
        var last = there.Events.Of("UpdateStatistics")[^1].Payload.GetProperty("questions").EnumerateArray();
        Assert.Equal(2, Assert.Single(last).GetProperty("totalAnswers").GetInt64());

        static long Total(HubEvent e) => e.Payload.GetProperty("totalAnswers").GetInt64();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task A_command_of_the_market_is_told_on_the_replica_that_took_it_whoever_leads(int here, int there)
    {
        await using var near = await Cluster.ConnectAsync("/stockTickerHub", here);
        await using var far = await Cluster.ConnectAsync("/stockTickerHub", there);

        await near.InvokeAsync("CloseMarket");
        Assert.Equal("Close", (await near.Events.WaitForAsync("MarketChanged")).Text("command"));
        await Eventually.EqualAsync("Closed", async () => (await far.InvokeAsync("GetMarketState")).GetString());
        await far.InvokeAsync("OpenMarket");
        Assert.Equal("Open", (await far.Events.WaitForAsync("MarketChanged")).Text("command"));

        await Eventually.EqualAsync(0L, () => Cluster.ScalarAsync("select position - published from market"));
        Assert.Equal(["MarketClosed", "MarketChanged"], near.Events.All.Select(e => e.Target).Where(IsMarket));
        Assert.Equal(["MarketOpened", "MarketChanged"], far.Events.All.Select(e => e.Target).Where(IsMarket));

        static bool IsMarket(string target) => target.StartsWith("Market", StringComparison.Ordinal);
    }
}

using System.Globalization;
using System.Net;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>Two replicas over Microsoft's Redis backplane: what it gives, and what becomes of what it cannot deliver.</summary>
public sealed class MicrosoftBackplaneTests : IAsyncLifetime
{
    private FlakyLink? _redis;
    private LoglessCluster? _cluster;

    private LoglessCluster Cluster => _cluster!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        var (host, port) = RedisServer.Address;
        _redis = new FlakyLink(host, port);
        _cluster = await LoglessCluster.StartAsync(new Settings
        {
            ["Backplane:Store"] = "microsoft",
            // The server is shared with other tests, and what is published has no other bounds.
            ["ConnectionStrings:Redis"] = string.Create(
                CultureInfo.InvariantCulture,
                $"127.0.0.1:{_redis.Port},channelPrefix={Guid.NewGuid():n},asyncTimeout=2000,connectTimeout=2000"),
        });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Messages_presence_statistics_and_the_market_reach_the_other_replica()
    {
        using var ada = await Cluster.NewPersonAsync();
        using var bob = await Cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var bobs = await bob.ConnectAsync(1);
        await bobs.InvokeAsync("JoinRoom", room);
        await adas.Events.WaitForAsync("PersonEntered", e => e.Text("roomId") == room && e.Text("userId") == bob.Id);

        await adas.InvokeAsync("SendMessage", room, "from a", "1");
        await bobs.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "from a");
        await bobs.InvokeAsync("SendMessage", room, "from b", "1");
        await adas.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "from b");
        await Eventually.EqualAsync(0L, () => Cluster.WaitingAsync(room));

        using var admin = await Cluster.AdminAsync();
        var question = await admin.MakeQuestionAsync("any");
        await using var page = await Cluster.ConnectAsync("/statisticsHub", 1);
        await page.Events.WaitForAsync("UpdateStatistics");
        await admin.AnswerAsync(question, rightly: true, replica: 0);
        await page.Events.WaitForAsync("UpdateStatistics", e => e.Payload.GetProperty("totalAnswers").GetInt64() == 1);

        await using var here = await Cluster.ConnectAsync("/stockTickerHub", 0);
        await using var board = await Cluster.ConnectAsync("/stockTickerHub", 1);
        await here.InvokeAsync("CloseMarket");
        Assert.Equal("Close", (await board.Events.WaitForAsync("MarketChanged")).Text("command"));

        // The key against a second publication is no argument, here as little as over the log.
        Assert.Empty((await board.Events.WaitForAsync("MarketClosed")).Arguments);
    }

    [Theory]
    [InlineData("/chatHub")]
    [InlineData("/statisticsHub")]
    [InlineData("/stockTickerHub")]
    public async Task A_client_that_asks_to_resume_is_told_that_it_cannot(string hub)
    {
        foreach (var cursor in new[] { "", "6f1c.12" })
        {
            await using var client = await Cluster.ConnectAsync(hub, 0, cursor);
            var answer = await LoglessCluster.ResumedAsync(client);
            Assert.Equal("""{"resumed":false,"replayed":0,"reason":"unsupported","backplane":"microsoft"}""", answer.GetRawText());
        }

        await using var plain = await Cluster.ConnectAsync(hub, 0);
        await plain.EnteredAsync();
        Assert.Empty(plain.Events.Of("Resumed"));
    }

    [Fact]
    public async Task A_client_is_in_its_rooms_when_it_is_told_so_that_no_message_falls_between_snapshot_and_stream()
    {
        using var ada = await Cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var sender = await ada.ConnectAsync(0);
        for (var i = 1; i <= 10; i++)
        {
            await sender.InvokeAsync("SendMessage", room, $"before {i}", $"before {i}");
            await using var client = await ada.BeginConnectAsync(1, cursor: "");
            await LoglessCluster.ResumedAsync(client);
            await sender.InvokeAsync("SendMessage", room, $"after {i}", $"after {i}");
            await client.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == $"after {i}");
        }

        Assert.Equal("", (await ada.HistoryAsync(room)).GetProperty("position").GetString());
    }

    [Fact]
    public async Task While_Redis_is_away_replicas_are_not_ready_and_what_could_not_be_published_is_published_afterwards()
    {
        using var ada = await Cluster.NewPersonAsync();
        using var bob = await Cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var sender = await ada.ConnectAsync(0);
        await using var reader = await bob.ConnectAsync(1);
        await reader.InvokeAsync("JoinRoom", room);

        _redis!.Cut();
        var refused = await Assert.ThrowsAsync<HubCallException>(() => sender.InvokeAsync("SendMessage", room, "lost?", "1"));
        Assert.Equal("unavailable", refused.Code);
        Assert.Equal(1, await Cluster.WaitingAsync(room));
        for (var i = 0; i < 2; i++)
            await Eventually.EqualAsync(HttpStatusCode.ServiceUnavailable, () => ReadyAsync(i));

        _redis.Mend();
        for (var i = 0; i < 2; i++)
            await Eventually.EqualAsync(HttpStatusCode.OK, () => ReadyAsync(i));
        await Eventually.EqualAsync(0L, () => Cluster.WaitingAsync(room));

        // It may have come to nobody: publishing succeeds also while nobody listens again. It is in the history, and what follows comes.
        await sender.InvokeAsync("SendMessage", room, "the end", "2");
        await reader.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "the end");
        var history = await bob.HistoryAsync(room, replica: 1);
        Assert.Equal(["lost?", "the end"], history.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_frozen_Redis_makes_replicas_not_ready_too()
    {
        _redis!.Freeze();
        await Eventually.EqualAsync(HttpStatusCode.ServiceUnavailable, () => ReadyAsync(0));
        _redis.Thaw();
        await Eventually.EqualAsync(HttpStatusCode.OK, () => ReadyAsync(0));
    }

    [Fact]
    public async Task Nobody_waits_for_a_device_that_has_gone_when_a_membership_changes()
    {
        using var ada = await Cluster.NewPersonAsync();
        using var bob = await Cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var bobs = await bob.ConnectAsync(1);
        await Cluster.ExecuteAsync(
            $"""
            insert into connections (connection_id, replica_id, hub, user_id)
            select 'gone', id, 'chatHub', '{bob.Id}' from replicas where name = 'a' and lease_until > now()
            """);

        // Microsoft's manager would wait half a minute for an answer of that device, and the lock on the membership ends after ten seconds.
        Assert.True((await bobs.InvokeAsync("JoinRoom", room)).GetProperty("isMember").GetBoolean());
        await bobs.Events.WaitForAsync("RoomAdded", e => e.Text("id") == room && e.Payload.GetProperty("isMember").GetBoolean());
    }

    private async Task<HttpStatusCode> ReadyAsync(int replica)
    {
        using var response = await Cluster[replica].Http.GetAsync("/health/ready");
        return response.StatusCode;
    }
}

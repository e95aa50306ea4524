using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Observing;

public sealed class BackplaneMetricsTests
{
    [Fact]
    public async Task Appends_deliveries_replays_and_resumes_are_counted()
    {
        await using var replica = new Replica(new InMemoryMessageLog(), "metrics:");
        using var seen = new SeenMetrics(replica.Meter);
        var client = await replica.ResumeAsync("");
        var cursor = (await client.NextAsync()).Cursor;
        await replica.ConnectAsync();
        await replica.Manager.SendAllAsync("N", []);
        await replica.Manager.SendAllAsync("N", []);
        await client.ExpectAsync("N");
        await client.ExpectAsync("N");
        await client.EndAsync(replica.Manager);
        var back = await replica.ResumeAsync(cursor);
        await back.NextAsync();
        await Eventually.IsTrueAsync(() => seen.Sum("hubbub.backplane.messages.replayed") == 2, "the replay is counted");

        Assert.Equal(2, seen.Sum("hubbub.backplane.records.appended"));
        Assert.Equal(4, seen.Sum("hubbub.backplane.messages.delivered"));
        Assert.Equal(1, seen.Sum("hubbub.backplane.resumes", "new"));
        Assert.Equal(1, seen.Sum("hubbub.backplane.resumes", "resumed"));
        Assert.True(seen.Count("hubbub.backplane.append.duration") > 0);
        Assert.True(seen.Count("hubbub.backplane.reader.lag") > 0);
        Assert.True(seen.Count("hubbub.backplane.delivery.delay") > 0);
    }

    [Fact]
    public async Task A_slow_connection_that_is_dropped_is_counted()
    {
        await using var replica = new Replica(new InMemoryMessageLog(), "metrics:", options => options.MaxConnectionBacklog = 3);
        using var seen = new SeenMetrics(replica.Meter);
        await replica.Manager.OnConnectedAsync(new TestClient(pauseWriterAt: 8).Connection);
        for (var i = 0; i < 10; i++)
            await replica.Manager.SendAllAsync("N", []);
        await Eventually.IsTrueAsync(() => seen.Sum("hubbub.backplane.connections.dropped", "slow") == 1, "the drop is counted, once");
        await Eventually.IsTrueAsync(() => seen.Count("hubbub.backplane.pump.lag") == 1, "its lag is recorded when it ends");
    }
}

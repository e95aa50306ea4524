using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Delivery;

/// <summary>Replicas' clocks differ. Order is the log's, whatever the records say about time.</summary>
public sealed class ClockSkewTests
{
    [Fact]
    public async Task Messages_of_replicas_whose_clocks_are_years_apart_come_in_the_order_of_the_log()
    {
        var log = new InMemoryMessageLog();
        await using var past = new Replica(log, "skew:", time: new ShiftedTime(TimeSpan.FromDays(-400)));
        await using var present = new Replica(log, "skew:");
        await using var future = new Replica(log, "skew:", time: new ShiftedTime(TimeSpan.FromDays(400)));
        Replica[] replicas = [future, past, present];
        var first = await present.ResumeAsync("");
        var cursor = (await first.NextAsync()).Cursor;
        var clients = new List<TestClient>();
        foreach (var replica in replicas)
            clients.Add(await replica.ConnectAsync());

        for (var i = 0; i < 30; i++)
            await replicas[i % 3].Manager.SendAllAsync("N", [i]);

        clients.Add(first);
        foreach (var replica in replicas)
        {
            var back = await replica.ResumeAsync(cursor);
            await back.NextAsync();
            clients.Add(back);
        }

        foreach (var client in clients)
        {
            for (var i = 0; i < 30; i++)
                await client.ExpectAsync("N", i);
        }
    }
}

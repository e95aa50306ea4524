namespace Hubbub.Server.Tests.Chat;

public sealed class OrderTests(ChatCluster cluster) : IClassFixture<ChatCluster>
{
    /// <summary>The promise of the product, tried with a number of mixes of people, rooms and replicas.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whoever_sends_from_wherever_everyone_sees_all_of_it_once_and_in_the_order_of_seq(int seed)
    {
        var random = new Random(seed);
        var people = new List<ChatPerson>();
        for (var i = 0; i < random.Next(2, 5); i++)
            people.Add(await cluster.NewPersonAsync());
        var room = await people[0].NewRoomAsync();

        var hubs = new List<Realtime.HubClient>();
        foreach (var person in people)
        {
            hubs.Add(await person.ConnectAsync(0));
            hubs.Add(await person.ConnectAsync(1));
            await hubs[^1].InvokeAsync("JoinRoom", room);
        }

        var plans = hubs.Select((hub, index) => (hub, index, count: random.Next(5, 30))).ToList();
        await Task.WhenAll(plans.Select(async plan =>
        {
            for (var i = 0; i < plan.count; i++)
            {
                // Now and then the answer is taken for lost, and the message sent again while the first is on its way.
                var call = plan.hub.InvokeAsync("SendMessage", room, $"{plan.index}/{i}", $"{seed}/{plan.index}/{i}");
                if (i % 3 == 0)
                    await hubs[plan.index ^ 1].InvokeAsync("SendMessage", room, $"{plan.index}/{i}", $"{seed}/{plan.index}/{i}");
                await call;
            }
        }));

        var total = plans.Sum(plan => plan.count);
        var all = Enumerable.Range(1, total).Select(n => (long)n).ToList();
        foreach (var hub in hubs)
        {
            await hub.Events.WaitForAsync("ReceiveMessage", e => e.Payload.GetProperty("seq").GetInt64() == total);
            Assert.Equal(all, hub.Events.Of("ReceiveMessage").Select(e => e.Payload.GetProperty("seq").GetInt64()));
            await hub.DisposeAsync();
        }

        var stored = new List<long>();
        for (var query = "?limit=100"; ;)
        {
            var page = await people[0].HistoryAsync(room, query);
            stored.InsertRange(0, page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("seq").GetInt64()));
            if (!page.GetProperty("hasMore").GetBoolean())
                break;
            query = $"?limit=100&before={page.GetProperty("messages")[0].GetProperty("id").GetString()}";
        }

        Assert.Equal(all, stored);
        people.ForEach(person => person.Dispose());
    }
}

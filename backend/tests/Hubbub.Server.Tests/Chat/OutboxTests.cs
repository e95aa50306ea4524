using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

/// <summary>What happens to what is stored when the way to the backplane is cut right behind the commit.</summary>
public sealed class OutboxTests(OutboxTests.ImpatientCluster cluster) : IClassFixture<OutboxTests.ImpatientCluster>
{
    [Fact]
    public async Task A_message_that_its_replica_could_not_publish_is_published_once_by_another_one()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var sender = await ada.ConnectAsync(0);
        await using var reader = await bob.ConnectAsync(1);
        await reader.InvokeAsync("JoinRoom", room);

        HubCallException refused;
        using (await cluster.CutAsync(0))
            refused = await Assert.ThrowsAsync<HubCallException>(() => sender.InvokeAsync("SendMessage", room, "lost?", "1"));

        Assert.Equal("unavailable", refused.Code);
        var received = await reader.Events.WaitForAsync("ReceiveMessage");
        Assert.Equal(("lost?", "a"), (received.Text("text"), received.Text("replica")));
        var repeat = await sender.InvokeAsync("SendMessage", room, "lost?", "1");
        Assert.Equal(received.Payload.GetRawText(), repeat.GetRawText());

        await sender.InvokeAsync("SendMessage", room, "the end", "2");
        foreach (var hub in new[] { sender, reader })
        {
            await hub.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "the end");
            Assert.Equal(["lost?", "the end"], hub.Events.Of("ReceiveMessage").Select(e => e.Text("text")));
        }

        await Eventually.EqualAsync(0L, () => cluster.WaitingAsync("message_outbox", room));
    }

    [Fact]
    public async Task A_repeat_publishes_what_still_waits()
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync(0);
        using (await cluster.CutAsync(0))
            await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("SendMessage", room, "1", "1"));

        // Nobody sweeps it.
        await cluster.ExecuteAsync($"update message_outbox set retry_at = now() + interval '1 hour' where room_id = '{room}'");
        await hub.InvokeAsync("SendMessage", room, "1", "1");

        await hub.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "1");
        Assert.Equal(0, await cluster.WaitingAsync("message_outbox", room));
    }

    [Fact]
    public async Task A_later_message_from_another_replica_does_not_overtake_what_waits()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var bobs = await bob.ConnectAsync(1);
        await bobs.InvokeAsync("JoinRoom", room);

        using (await cluster.CutAsync(0))
        {
            foreach (var id in new[] { "1", "2" })
                await Assert.ThrowsAsync<HubCallException>(() => adas.InvokeAsync("SendMessage", room, id, id));
        }

        await cluster.ExecuteAsync($"update message_outbox set retry_at = now() + interval '1 hour' where room_id = '{room}'");
        await bobs.InvokeAsync("SendMessage", room, "3", "3");

        foreach (var hub in new[] { adas, bobs })
        {
            await hub.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "3");
            Assert.Equal(["1", "2", "3"], hub.Events.Of("ReceiveMessage").Select(e => e.Text("text")));
        }
    }

    [Fact]
    public async Task A_replica_that_dies_between_commit_and_publication_loses_nothing()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var reader = await bob.ConnectAsync(1);
        await reader.InvokeAsync("JoinRoom", room);

        // What a transaction leaves behind whose replica is gone.
        for (var i = 1; i <= 250; i++)
            await cluster.ExecuteAsync($"select send_message('{Guid.CreateVersion7()}', '{room}', '{ada.Id}', 'message {i}', '{i}', 'gone')");

        await reader.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "message 250");
        Assert.Equal(Enumerable.Range(1, 250), reader.Events.Of("ReceiveMessage").Select(e => e.Payload.GetProperty("seq").GetInt32()));
        await Eventually.EqualAsync(0L, () => cluster.WaitingAsync("message_outbox", room));
    }

    [Fact]
    public async Task A_membership_whose_replica_dies_reaches_the_devices_and_the_people_through_another()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var device = await bob.ConnectAsync(1);

        await cluster.ExecuteAsync($"select join_room('{room}', '{bob.Id}')");
        await device.Events.WaitForAsync("RoomAdded", e => e.Text("id") == room && e.Payload.GetProperty("isMember").GetBoolean());
        await adas.Events.WaitForAsync("PersonEntered", e => e.Text("roomId") == room && e.Text("userId") == bob.Id);
        await adas.InvokeAsync("SendMessage", room, "are you in?", "1");
        await device.Events.WaitForAsync("ReceiveMessage");

        await cluster.ExecuteAsync($"select leave_room('{room}', '{bob.Id}')");
        await device.Events.WaitForAsync("RoomLeft");
        await adas.Events.WaitForAsync("PersonLeft", e => e.Text("roomId") == room);
        await adas.InvokeAsync("SendMessage", room, "and now?", "2");
        await adas.InvokeAsync("SendMessage", Hubbub.Server.Chat.ChatRooms.LobbyId.ToString(), "the end", "3");
        await device.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "the end");
        Assert.DoesNotContain(device.Events.Of("ReceiveMessage"), e => e.Text("text") == "and now?");
        await Eventually.EqualAsync(0L, () => cluster.WaitingAsync("membership_outbox", room));
    }

    [Fact]
    public async Task A_room_is_created_without_the_backplane_and_told_when_it_is_back()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        await using var bobs = await bob.ConnectAsync(1);

        string room;
        using (await cluster.CutAsync(0))
            room = await ada.NewRoomAsync(replica: 0);

        await bobs.Events.WaitForAsync("RoomAdded", e => e.Text("id") == room);
    }

    [Fact]
    public async Task Joining_without_the_backplane_is_refused_and_completed_by_a_repeat()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(1);
        await using var here = await bob.ConnectAsync(0);
        await using var there = await bob.ConnectAsync(1);

        using (await cluster.CutAsync(0))
            Assert.Equal("unavailable", (await Assert.ThrowsAsync<HubCallException>(() => here.InvokeAsync("JoinRoom", room))).Code);
        Assert.True((await here.InvokeAsync("JoinRoom", room)).GetProperty("isMember").GetBoolean());

        await adas.InvokeAsync("SendMessage", room, "hello", "1");
        foreach (var device in new[] { here, there })
            await device.Events.WaitForAsync("ReceiveMessage");
    }

    /// <summary>Its sends give up soon.</summary>
    public sealed class ImpatientCluster() : ChatCluster(new Settings { ["Backplane:PublishBudget"] = "00:00:01" })
    {
        /// <summary>Takes the backplane from a replica until the result is disposed of.</summary>
        internal async Task<IDisposable> CutAsync(int replica)
        {
            var log = await LogAsync(replica);
            log.IsAway = true;
            return new Repair(log);
        }

        internal Task<long> WaitingAsync(string outbox, string room) => ScalarAsync($"select count(*) from {outbox} where room_id = '{room}'");

        private sealed class Repair(FaultyLog log) : IDisposable
        {
            public void Dispose() => log.IsAway = false;
        }
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Hubbub.Server.Chat;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

public sealed class MembershipTests(ChatCluster cluster) : IClassFixture<ChatCluster>
{
    [Fact]
    public async Task Joining_on_one_device_joins_all_devices_on_all_replicas_and_is_remembered()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(1);
        await using var first = await bob.ConnectAsync(0);
        await using var second = await bob.ConnectAsync(1);

        var joined = await first.InvokeAsync("JoinRoom", room);
        await using var third = await bob.ConnectAsync(1);
        await adas.InvokeAsync("SendMessage", room, "hello all of you", "1");

        Assert.True(joined.GetProperty("isMember").GetBoolean());
        Assert.Equal(2, joined.GetProperty("memberCount").GetInt64());
        foreach (var device in new[] { first, second, third })
            Assert.Equal("hello all of you", (await device.Events.WaitForAsync("ReceiveMessage")).Text("text"));
        foreach (var device in new[] { first, second })
            await device.Events.WaitForAsync("RoomAdded", e => e.Text("id") == room);
        var entered = await adas.Events.WaitForAsync("PersonEntered", e => e.Text("userId") == bob.Id && e.Text("roomId") == room);
        Assert.Equal(bob.Name, entered.Text("userName"));
        Assert.True(entered.Payload.GetProperty("isOnline").GetBoolean());
    }

    [Fact]
    public async Task Leaving_on_one_device_leaves_on_all()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        var other = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var first = await bob.ConnectAsync(0);
        await using var second = await bob.ConnectAsync(1);
        await first.InvokeAsync("JoinRoom", room);
        await first.InvokeAsync("JoinRoom", other);

        await second.InvokeAsync("LeaveRoom", room);
        await adas.InvokeAsync("SendMessage", room, "he is gone", "1");
        await adas.InvokeAsync("SendMessage", other, "he is here", "2");

        foreach (var device in new[] { first, second })
        {
            Assert.Equal(room, (await device.Events.WaitForAsync("RoomLeft")).Text("roomId"));
            await device.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "he is here");
            Assert.Single(device.Events.Of("ReceiveMessage"));
        }

        var left = await adas.Events.WaitForAsync("PersonLeft", e => e.Text("userId") == bob.Id);
        Assert.False(left.Payload.GetProperty("isMember").GetBoolean());
        Assert.False((await bob.RoomAsync(room)).GetProperty("isMember").GetBoolean());
    }

    [Fact]
    public async Task Joining_and_leaving_again_changes_nothing_and_tells_nobody()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync();
        await using var bobs = await bob.ConnectAsync();
        await adas.Events.WaitForAsync("PersonEntered", e => e.Text("userId") == bob.Id && e.Payload.GetProperty("isOnline").GetBoolean());

        for (var i = 0; i < 3; i++)
            Assert.Equal(2, (await bobs.InvokeAsync("JoinRoom", room)).GetProperty("memberCount").GetInt64());
        for (var i = 0; i < 3; i++)
            await bobs.InvokeAsync("LeaveRoom", room);
        await adas.InvokeAsync("SendMessage", room, "the end", "1");

        await adas.Events.WaitForAsync("ReceiveMessage");
        Assert.Single(adas.Events.Of("PersonEntered"), e => e.Text("roomId") == room && e.Text("userId") == bob.Id);
        Assert.Single(adas.Events.Of("PersonLeft"), e => e.Text("roomId") == room && e.Text("userId") == bob.Id);
        Assert.Single(bobs.Events.Of("RoomAdded"), e => e.Text("id") == room);
        Assert.Single(bobs.Events.Of("RoomLeft"));
    }

    [Fact]
    public async Task Leaving_on_one_replica_right_after_joining_on_the_other_leaves_all_devices_outside()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var here = await bob.ConnectAsync(0);
        await using var there = await bob.ConnectAsync(1);

        // The other replica has not read yet that its connection was put into the group when it takes it out again.
        using ((await cluster.LogAsync(1)).HoldReads())
        {
            await here.InvokeAsync("JoinRoom", room);
            await there.InvokeAsync("LeaveRoom", room);
        }

        await adas.InvokeAsync("SendMessage", room, "nobody else here", "1");
        await adas.InvokeAsync("SendMessage", ChatRooms.LobbyId.ToString(), "the end", $"{room} end");
        foreach (var device in new[] { here, there })
        {
            await device.Events.WaitForAsync("ReceiveMessage", e => e.Text("clientMessageId") == $"{room} end");
            Assert.DoesNotContain(device.Events.Of("ReceiveMessage"), e => e.Text("roomId") == room);
        }
    }

    [Fact]
    public async Task The_lobby_can_be_left_like_any_room()
    {
        using var ada = await cluster.NewPersonAsync();
        await using var hub = await ada.ConnectAsync();
        var lobby = ChatRooms.LobbyId.ToString();

        await hub.InvokeAsync("LeaveRoom", lobby);

        Assert.False((await ada.RoomAsync(lobby)).GetProperty("isMember").GetBoolean());
    }

    [Fact]
    public async Task Whoever_left_a_private_room_is_outside()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync(isPrivate: true);
        await ada.LetInAsync(room, bob);
        await using var hub = await bob.ConnectAsync();

        await hub.InvokeAsync("LeaveRoom", room);

        Assert.Equal("room_not_found", (await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("JoinRoom", room))).Code);
    }

    /// <summary>
    /// A device that connects while its user joins or leaves elsewhere ends up where the user is, however the two interleave.
    /// </summary>
    [Fact]
    public async Task A_device_that_connects_during_a_join_or_leave_ends_up_right()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var steady = await bob.ConnectAsync(0);

        for (var round = 0; round < 12; round++)
        {
            var isJoin = round % 2 == 0;
            var change = steady.InvokeAsync(isJoin ? "JoinRoom" : "LeaveRoom", room);
            var devices = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => bob.BeginConnectAsync(i % 2)));
            await change;

            foreach (var device in devices)
                await device.EnteredAsync();
            await adas.InvokeAsync("SendMessage", room, $"round {round}", $"{room} {round}");
            var lobby = ChatRooms.LobbyId.ToString();
            await adas.InvokeAsync("SendMessage", lobby, $"lobby {round}", $"{room} lobby {round}");
            foreach (var device in devices)
            {
                await device.Events.WaitForAsync("ReceiveMessage", e => e.Text("clientMessageId") == $"{room} lobby {round}");
                Assert.Equal(isJoin ? 1 : 0, device.Events.Of("ReceiveMessage").Count(e => e.Text("roomId") == room));
                await device.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task People_are_listed_online_first()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        using var cleo = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync(isPrivate: true);
        await ada.LetInAsync(room, bob);
        await ada.LetInAsync(room, cleo);
        await using var hub = await cleo.ConnectAsync(1);

        var answer = await ada.Http().GetFromJsonAsync<JsonElement>($"/api/rooms/{room}/people", TestContext.Current.CancellationToken);

        var people = answer.GetProperty("people").EnumerateArray()
            .Select(p => (p.GetProperty("userName").GetString(), p.GetProperty("isOnline").GetBoolean())).ToList();
        Assert.Equal((cleo.Name, true), people[0]);
        Assert.Equal(new[] { ada.Name, bob.Name }.Order(StringComparer.Ordinal).Select(name => ((string?)name, false)), people.Skip(1));
    }
}

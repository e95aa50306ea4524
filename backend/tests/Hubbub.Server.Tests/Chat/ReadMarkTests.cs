using System.Text.Json;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

public sealed class ReadMarkTests(ChatCluster cluster) : IClassFixture<ChatCluster>
{
    [Fact]
    public async Task Unread_counts_the_messages_of_others_after_the_mark()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var bobs = await bob.ConnectAsync(1);
        await adas.InvokeAsync("SendMessage", room, "before bob", "0");
        var joined = await bobs.InvokeAsync("JoinRoom", room);
        Assert.Equal((0, 1), (joined.GetProperty("unread").GetInt64(), joined.GetProperty("readSeq").GetInt64()));

        // 2 ada, 3 bob, 4 ada, 5 bob, 6 ada
        var ids = new List<string>();
        for (var i = 2; i <= 6; i++)
        {
            var sent = await (i % 2 == 0 ? adas : bobs).InvokeAsync("SendMessage", room, $"message {i}", $"{i}");
            ids.Add(sent.GetProperty("id").GetString()!);
        }

        Assert.Equal((3, 1), await UnreadAsync(bob, room));
        Assert.Equal((2, 0), await UnreadAsync(ada, room));

        foreach (var (message, unread) in new[] { (2, 2), (3, 2), (4, 1), (5, 1), (6, 0) })
        {
            await bobs.InvokeAsync("MarkRead", room, ids[message - 2]);
            var moved = await bobs.Events.WaitForAsync("ReadMarkMoved");
            Assert.Equal(room, moved.Text("roomId"));
            Assert.Equal(ids[message - 2], moved.Text("messageId"));
            Assert.Equal((unread, message), (moved.Payload.GetProperty("unread").GetInt64(), moved.Payload.GetProperty("seq").GetInt64()));
            Assert.Equal((unread, message), await UnreadAsync(bob, room));
        }
    }

    [Fact]
    public async Task Nothing_is_unread_for_somebody_who_is_not_a_member()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await SendAsync(adas, room, "ada", 2);

        var seen = await bob.RoomAsync(room);
        Assert.False(seen.GetProperty("isMember").GetBoolean());
        Assert.Equal(0, seen.GetProperty("unread").GetInt64());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("readSeq").ValueKind);
    }

    [Fact]
    public async Task A_mark_moves_forward_only_and_every_device_hears_of_it()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var here = await bob.ConnectAsync(0);
        await using var there = await bob.ConnectAsync(1);
        await here.InvokeAsync("JoinRoom", room);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Add((await adas.InvokeAsync("SendMessage", room, "hi", $"{i}")).GetProperty("id").GetString()!);

        await here.InvokeAsync("MarkRead", room, ids[1]);
        await here.InvokeAsync("MarkRead", room, ids[1]);
        await here.InvokeAsync("MarkRead", room, ids[0]);
        Assert.Equal((1, 2), await UnreadAsync(bob, room));
        await here.InvokeAsync("MarkRead", room, ids[2]);

        await there.Events.WaitForAsync("ReadMarkMoved", e => e.Text("messageId") == ids[2]);
        Assert.Equal([ids[1], ids[2]], there.Events.Of("ReadMarkMoved").Select(e => e.Text("messageId")));
        Assert.Empty(adas.Events.Of("ReadMarkMoved"));
    }

    [Fact]
    public async Task More_than_a_hundred_are_not_told_apart()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync();
        await using var bobs = await bob.ConnectAsync();
        await bobs.InvokeAsync("JoinRoom", room);
        for (var i = 1; i <= 103; i++)
            await adas.InvokeAsync("SendMessage", room, "hi", $"{i}");

        Assert.Equal((100, 0), await UnreadAsync(bob, room));
        Assert.Equal((0, 0), await UnreadAsync(ada, room));
    }

    [Fact]
    public async Task Whoever_joins_again_has_read_everything()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync();
        await using var bobs = await bob.ConnectAsync();
        await bobs.InvokeAsync("JoinRoom", room);
        await bobs.InvokeAsync("SendMessage", room, "mine", "1");
        await bobs.InvokeAsync("LeaveRoom", room);
        await adas.InvokeAsync("SendMessage", room, "meanwhile", "2");

        Assert.Equal(JsonValueKind.Null, (await bob.RoomAsync(room)).GetProperty("readSeq").ValueKind);
        var again = await bobs.InvokeAsync("JoinRoom", room);

        Assert.Equal((0, 2), (again.GetProperty("unread").GetInt64(), again.GetProperty("readSeq").GetInt64()));
    }

    [Fact]
    public async Task Marks_that_race_with_own_messages_stay_exact()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var bobs = await bob.ConnectAsync(0);
        await using var reader = await bob.ConnectAsync(1);
        await bobs.InvokeAsync("JoinRoom", room);

        var sending = Task.WhenAll(
            SendAsync(adas, room, "a", 30),
            SendAsync(bobs, room, "b", 30));
        for (var seq = 5; seq <= 55; seq += 5)
        {
            var seen = await reader.Events.WaitForAsync("ReceiveMessage", e => e.Payload.GetProperty("seq").GetInt64() == seq);
            await reader.InvokeAsync("MarkRead", room, seen.Text("id")!);
        }

        await sending;
        var history = (await bob.HistoryAsync(room, "?limit=100")).GetProperty("messages").EnumerateArray();
        var expected = history.Count(m => m.GetProperty("seq").GetInt64() > 55 && m.GetProperty("userId").GetString() == ada.Id);
        Assert.Equal((expected, 55), await UnreadAsync(bob, room));
    }

    [Fact]
    public async Task An_odd_mark_is_refused()
    {
        using var ada = await cluster.NewPersonAsync();
        using var eve = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        var other = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync();
        await using var eves = await eve.ConnectAsync();
        var message = (await adas.InvokeAsync("SendMessage", room, "hi", "1")).GetProperty("id").GetString();
        var elsewhere = (await adas.InvokeAsync("SendMessage", other, "hi", "2")).GetProperty("id").GetString();

        foreach (var id in new object?[] { "nonsense", "", null, 3, Guid.NewGuid().ToString(), elsewhere })
            Assert.Equal("invalid_argument", (await Assert.ThrowsAsync<HubCallException>(() => adas.InvokeAsync("MarkRead", room, id))).Code);
        Assert.Equal("not_a_member", (await Assert.ThrowsAsync<HubCallException>(() => eves.InvokeAsync("MarkRead", room, message))).Code);
    }

    private static async Task SendAsync(HubClient hub, string room, string name, int count)
    {
        for (var i = 0; i < count; i++)
            await hub.InvokeAsync("SendMessage", room, "hi", $"{name}{i}");
    }

    private static async Task<(long Unread, long ReadSeq)> UnreadAsync(ChatPerson person, string roomId)
    {
        var room = await person.RoomAsync(roomId);
        return (room.GetProperty("unread").GetInt64(), room.GetProperty("readSeq").GetInt64());
    }
}

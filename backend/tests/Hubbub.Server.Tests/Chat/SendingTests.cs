using System.Text.Json;
using Hubbub.Server.Chat;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

public sealed class SendingTests(ChatCluster cluster) : IClassFixture<ChatCluster>
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task A_message_reaches_the_sender_and_the_other_members_wherever_they_are(int from, int to)
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var sender = await ada.ConnectAsync(from);
        await using var reader = await bob.ConnectAsync(to);
        await reader.InvokeAsync("JoinRoom", room);

        var accepted = await sender.InvokeAsync("SendMessage", room, " hello\r\nBob ", "first");

        Assert.Equal(room, accepted.GetProperty("roomId").GetString());
        Assert.Equal(1, accepted.GetProperty("seq").GetInt64());
        Assert.Equal(ada.Id, accepted.GetProperty("userId").GetString());
        Assert.Equal(ada.Name, accepted.GetProperty("userName").GetString());
        Assert.Equal("hello\nBob", accepted.GetProperty("text").GetString());
        Assert.Equal("first", accepted.GetProperty("clientMessageId").GetString());
        Assert.Equal(from == 0 ? "a" : "b", accepted.GetProperty("replica").GetString());
        Assert.Equal(TimeSpan.Zero, accepted.GetProperty("sentAt").GetDateTimeOffset().Offset);

        var atSender = await sender.Events.WaitForAsync("ReceiveMessage");
        var atReader = await reader.Events.WaitForAsync("ReceiveMessage");
        var stored = (await bob.HistoryAsync(room, replica: to)).GetProperty("messages")[0];
        foreach (var copy in new[] { atSender.Payload, atReader.Payload, stored })
            Assert.Equal(accepted.GetRawText(), copy.GetRawText());
    }

    [Fact]
    public async Task A_repeated_client_message_id_returns_the_first_message_and_sends_nothing_twice()
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        var otherRoom = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();

        var first = await hub.InvokeAsync("SendMessage", room, "once", "same");
        var again = await hub.InvokeAsync("SendMessage", room, "once", "same");
        var otherText = await hub.InvokeAsync("SendMessage", room, "twice?", "same");
        var elsewhere = await hub.InvokeAsync("SendMessage", otherRoom, "once", "same");
        await hub.InvokeAsync("SendMessage", room, "the end", "end");

        foreach (var repeat in new[] { again, otherText, elsewhere })
            Assert.Equal(first.GetRawText(), repeat.GetRawText());
        await hub.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "the end");
        Assert.Equal(["once", "the end"], hub.Events.Of("ReceiveMessage").Select(e => e.Text("text")));
        Assert.Equal(2, (await ada.HistoryAsync(room)).GetProperty("messages").GetArrayLength());
        Assert.Equal(0, (await ada.HistoryAsync(otherRoom)).GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Two_people_may_use_the_same_client_message_id()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var adas = await ada.ConnectAsync();
        await using var bobs = await bob.ConnectAsync();
        await bobs.InvokeAsync("JoinRoom", room);

        var first = await adas.InvokeAsync("SendMessage", room, "mine", "1");
        var second = await bobs.InvokeAsync("SendMessage", room, "mine", "1");

        Assert.NotEqual(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_same_send_at_once_on_two_replicas_makes_one_message_that_both_get()
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        var otherRoom = await ada.NewRoomAsync();
        await using var here = await ada.ConnectAsync(0);
        await using var there = await ada.ConnectAsync(1);

        for (var i = 0; i < 20; i++)
        {
            var id = $"both-{i}";
            var results = await Task.WhenAll(
                here.InvokeAsync("SendMessage", room, "race", id),
                there.InvokeAsync("SendMessage", i % 2 == 0 ? room : otherRoom, "race", id));
            Assert.Equal(results[0].GetRawText(), results[1].GetRawText());
        }

        await here.InvokeAsync("SendMessage", room, "the end", "end-1");
        await here.InvokeAsync("SendMessage", otherRoom, "the end", "end-2");
        foreach (var hub in new[] { here, there })
        {
            await hub.Events.WaitForAsync("ReceiveMessage", e => e.Text("clientMessageId") == "end-1");
            await hub.Events.WaitForAsync("ReceiveMessage", e => e.Text("clientMessageId") == "end-2");
            var received = hub.Events.Of("ReceiveMessage").Select(e => e.Text("clientMessageId")).ToList();
            Assert.Equal(22, received.Count);
            Assert.Equal(22, received.Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact]
    public async Task A_repeat_returns_the_message_also_to_somebody_who_has_left_since()
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();
        var first = await hub.InvokeAsync("SendMessage", room, "goodbye", "bye");
        await hub.InvokeAsync("LeaveRoom", room);

        Assert.Equal(first.GetRawText(), (await hub.InvokeAsync("SendMessage", room, "goodbye", "bye")).GetRawText());
        var refused = await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("SendMessage", room, "hello?", "new"));
        Assert.Equal("not_a_member", refused.Code);
    }

    [Theory]
    [InlineData("\"\"", "text_empty")]
    [InlineData("\" \\r\\n\\t\\u3000 \"", "text_empty")]
    [InlineData("\"\\u200b\"", "text_empty")]
    [InlineData("\"nul \\u0000\"", "text_invalid")]
    [InlineData("\"half \\ud83d pair\"", "text_invalid")]
    [InlineData("null", "invalid_argument")]
    [InlineData("42", "invalid_argument")]
    [InlineData("{\"text\":\"hello\"}", "invalid_argument")]
    [InlineData("[\"hello\"]", "invalid_argument")]
    public async Task An_unfit_text_gets_a_clear_answer_and_stores_nothing(string textJson, string code)
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();

        var refused = await Assert.ThrowsAsync<HubCallException>(
            () => hub.InvokeRawAsync("SendMessage", $"\"{room}\"", textJson, "\"id\""));

        Assert.Equal(code, refused.Code);
        Assert.Matches("^[a-z_]+: [A-Z]?.+\\.$", refused.Text);
        Assert.Equal(0, (await ada.HistoryAsync(room)).GetProperty("messages").GetArrayLength());
        Assert.Equal("fit", (await hub.InvokeAsync("SendMessage", room, "fit", "id")).GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_longest_text_is_accepted_and_one_character_more_is_not()
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();
        var longest = string.Concat(Enumerable.Repeat("😀", 2000));

        var accepted = await hub.InvokeAsync("SendMessage", room, longest, "4000");
        var refused = await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("SendMessage", room, longest + "!", "4001"));

        Assert.Equal(longest, accepted.GetProperty("text").GetString());
        Assert.Equal("text_too_long", refused.Code);
        Assert.Equal(longest, (await ada.HistoryAsync(room)).GetProperty("messages")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 e\u0301")]
    [InlineData("שלום עולם \u202eabc\u202c")]
    [InlineData("a\u200bb\ufeffc")]
    [InlineData("<img src=x onerror=alert(1)> & \"quotes\" 'too' \\ {{template}}")]
    [InlineData("'; drop table messages; --")]
    [InlineData("one\n\n\ttwo\u0007")]
    public async Task Odd_text_comes_back_as_it_was_sent(string text)
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();

        await hub.InvokeAsync("SendMessage", room, text, text[..2]);

        Assert.Equal(text, (await hub.Events.WaitForAsync("ReceiveMessage")).Text("text"));
        var stored = (await ada.HistoryAsync(room)).GetProperty("messages")[0];
        Assert.Equal(text, stored.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"nul \\u0000\"")]
    [InlineData("\"half \\ud83d pair\"")]
    [InlineData("\"12345678901234567890123456789012345678901234567890123456789012345\"")]
    public async Task An_unfit_client_message_id_is_refused(string idJson)
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();

        var refused = await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeRawAsync("SendMessage", $"\"{room}\"", "\"hi\"", idJson));

        Assert.Equal("invalid_argument", refused.Code);
    }

    [Theory]
    [InlineData("\"nowhere\"", "room_not_found")]
    [InlineData("\"\"", "room_not_found")]
    [InlineData("\"7d444840-9dc0-11d1-b245-5ffdce74fad2\"", "room_not_found")]
    [InlineData("null", "invalid_argument")]
    [InlineData("1", "invalid_argument")]
    public async Task Every_method_refuses_an_odd_room(string roomJson, string code)
    {
        using var ada = await cluster.NewPersonAsync();
        await using var hub = await ada.ConnectAsync();

        var calls = new (string Method, string[] Others)[] { ("JoinRoom", []), ("LeaveRoom", []), ("SendMessage", ["\"hi\"", "\"1\""]), ("MarkRead", ["\"x\""]) };
        foreach (var (method, others) in calls)
        {
            var refused = await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeRawAsync(method, [roomJson, .. others]));
            Assert.Equal(code, refused.Code);
        }
    }

    [Fact]
    public async Task Only_members_may_send()
    {
        using var ada = await cluster.NewPersonAsync();
        using var eve = await cluster.NewPersonAsync();
        var open = await ada.NewRoomAsync();
        var closed = await ada.NewRoomAsync(isPrivate: true);
        await using var hub = await eve.ConnectAsync();

        Assert.Equal("not_a_member", (await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("SendMessage", open, "hi", "1"))).Code);
        Assert.Equal("room_not_found", (await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("SendMessage", closed, "hi", "1"))).Code);
    }

    [Theory]
    [InlineData("JoinRoom")]
    [InlineData("SendMessage", "a", "b")]
    [InlineData("SendMessage", "a", "b", "c", "d")]
    [InlineData("DropAllTables")]
    public async Task A_call_that_fits_no_method_fails_and_the_connection_goes_on(string method, params string[] arguments)
    {
        using var ada = await cluster.NewPersonAsync();
        await using var hub = await ada.ConnectAsync();

        await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync(method, [.. arguments]));

        var lobby = await hub.InvokeAsync("joinroom", ChatRooms.LobbyId.ToString());
        Assert.Equal("lobby", lobby.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("{not json")]
    [InlineData("{\"type\":\"one\"}")]
    [InlineData("[]")]
    [InlineData("{\"type\":1,\"target\":\"SendMessage\",\"arguments\":5}")]
    public async Task A_record_that_is_no_hub_message_closes_its_connection_only(string record)
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        using var broken = await ada.ConnectRawAsync();
        await using var other = await ada.ConnectAsync();

        await broken.SendAsync(record, TestContext.Current.CancellationToken);

        await broken.ClosedAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        await other.InvokeAsync("SendMessage", room, "still here", "1");
        await other.Events.WaitForAsync("ReceiveMessage");
    }

    [Fact]
    public async Task A_record_over_the_limit_closes_its_connection_and_stores_nothing()
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => hub.InvokeAsync("SendMessage", room, new string('x', 40_000), "big"));

        await hub.Closed.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(JsonValueKind.Null, (await ada.RoomAsync(room)).GetProperty("lastMessage").ValueKind);
    }
}

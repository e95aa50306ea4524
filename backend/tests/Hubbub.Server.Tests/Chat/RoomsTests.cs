using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Hubbub.Server.Tests.Chat;

public sealed class RoomsTests(ChatCluster cluster) : IClassFixture<ChatCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_starts_in_the_lobby()
    {
        using var ada = await cluster.NewPersonAsync();

        var rooms = await ada.Http().GetFromJsonAsync<JsonElement>("/api/rooms?search=LOBBY", Cancellation);

        var lobby = rooms.EnumerateArray().Single(room => room.GetProperty("name").GetString() == "lobby");
        Assert.True(lobby.GetProperty("isMember").GetBoolean());
        Assert.False(lobby.GetProperty("isPrivate").GetBoolean());
    }

    [Fact]
    public async Task A_new_room_has_its_creator_in_it_and_is_told_to_everyone_else()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        await using var adas = await ada.ConnectAsync(0);
        await using var bobs = await bob.ConnectAsync(1);
        var name = $"Tea {Guid.NewGuid():n}";

        var response = await ada.Http().PostAsJsonAsync("/api/rooms", new { name = $"  {name} " }, Cancellation);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var room = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var id = room.GetProperty("id").GetString();
        Assert.Equal($"/api/rooms/{id}", response.Headers.Location?.OriginalString);
        Assert.Equal(name, room.GetProperty("name").GetString());
        Assert.True(room.GetProperty("isMember").GetBoolean());
        Assert.Equal(1, room.GetProperty("memberCount").GetInt64());
        Assert.Equal(0, room.GetProperty("unread").GetInt64());
        Assert.Equal(JsonValueKind.Null, room.GetProperty("lastMessage").ValueKind);

        var atAda = await adas.Events.WaitForAsync("RoomAdded", e => e.Text("id") == id);
        var atBob = await bobs.Events.WaitForAsync("RoomAdded", e => e.Text("id") == id);
        Assert.True(atAda.Payload.GetProperty("isMember").GetBoolean());
        Assert.False(atBob.Payload.GetProperty("isMember").GetBoolean());
        Assert.Equal(JsonValueKind.Null, atBob.Payload.GetProperty("readSeq").ValueKind);
        Assert.False(atBob.Payload.TryGetProperty("idempotencyKey", out _));
    }

    [Theory]
    [InlineData("{\"name\":\"\"}")]
    [InlineData("{\"name\":\"  \"}")]
    [InlineData("{\"name\":null}")]
    [InlineData("{}")]
    [InlineData("{\"name\":\"1234567890123456789012345678901234567890123456789012345678901\"}")]
    [InlineData("{\"name\":\"two\\nlines\"}")]
    [InlineData("{\"name\":\"nul\\u0000\"}")]
    [InlineData("{\"name\":\"ok\",\"clientRoomId\":\"\"}")]
    public async Task An_unfit_room_is_refused_with_the_field(string body)
    {
        using var ada = await cluster.NewPersonAsync();

        var response = await PostAsync(ada, "/api/rooms", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.NotEmpty(problem.GetProperty("errors").EnumerateObject().Single().Value[0].GetString()!);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"name\":5}")]
    [InlineData("{\"name\":\"x\",\"isPrivate\":\"maybe\"}")]
    [InlineData("{\"name\":\"half \\ud83d pair\"}")]
    public async Task A_body_that_is_no_room_is_a_bad_request(string body)
    {
        using var ada = await cluster.NewPersonAsync();

        var response = await PostAsync(ada, "/api/rooms", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Public_names_are_unique_however_they_are_written_and_private_ones_are_not()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var suffix = Guid.NewGuid().ToString("n")[..8];
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(ada, $"Café {suffix}")).StatusCode);

        foreach (var same in new[] { $"CAFÉ {suffix}", $"café {suffix.ToUpperInvariant()}", $"Cafe\u0301 {suffix}", $"Ｃafé {suffix}", $"Ca\u200bfé {suffix}" })
        {
            var response = await CreateAsync(bob, same);
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
            Assert.Equal("name_taken", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString());
        }

        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(bob, $"Café {suffix}", isPrivate: true)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(bob, $"Café {suffix}", isPrivate: true)).StatusCode);
    }

    [Fact]
    public async Task Of_many_who_create_a_room_of_one_name_at_once_one_succeeds()
    {
        using var ada = await cluster.NewPersonAsync();
        var name = $"race {Guid.NewGuid():n}";

        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => CreateAsync(ada, name, replica: i % 2)));

        Assert.Single(responses, r => r.StatusCode == HttpStatusCode.Created);
        Assert.Equal(9, responses.Count(r => r.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_repeated_client_room_id_finds_the_first_room()
    {
        using var ada = await cluster.NewPersonAsync();
        var body = new { name = $"again {Guid.NewGuid():n}", clientRoomId = "mine" };

        var responses = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ada.Http(i % 2).PostAsJsonAsync("/api/rooms", body, Cancellation)));

        var ids = new HashSet<string?>();
        foreach (var response in responses)
        {
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            ids.Add((await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetString());
        }

        Assert.Single(ids);
    }

    [Fact]
    public async Task Nobody_is_in_more_than_a_thousand_rooms()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await bob.NewRoomAsync();
        await cluster.ExecuteAsync(
            $"""
            with filled as (
                insert into rooms (id, name, name_key, is_private) select gen_random_uuid(), 'r', 'R', true from generate_series(1, 998) returning id)
            insert into room_members (room_id, user_id, read_seq) select id, '{ada.Id}', 0 from filled
            """);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(ada, $"the last {Guid.NewGuid():n}")).StatusCode);

        var refused = await CreateAsync(ada, $"one more {Guid.NewGuid():n}");
        await using var hub = await ada.ConnectAsync();
        var joining = await Assert.ThrowsAsync<Realtime.HubCallException>(() => hub.InvokeAsync("JoinRoom", room));

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("too_many_rooms", (await refused.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("code").GetString());
        Assert.Equal("too_many_rooms", joining.Code);
        await hub.InvokeAsync("LeaveRoom", Hubbub.Server.Chat.ChatRooms.LobbyId.ToString());
        Assert.True((await hub.InvokeAsync("JoinRoom", room)).GetProperty("isMember").GetBoolean());
    }

    [Fact]
    public async Task The_list_has_own_rooms_by_activity_then_others_by_name_and_keeps_its_bounds()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var tag = Guid.NewGuid().ToString("n")[..10];
        foreach (var name in new[] { "two", "one", "zoo" })
            (await CreateAsync(bob, $"{tag} {name}")).EnsureSuccessStatusCode();
        var quiet = await IdOfAsync(await CreateAsync(ada, $"{tag} quiet"));
        var busy = await IdOfAsync(await CreateAsync(ada, $"{tag} busy"));
        (await CreateAsync(bob, $"{tag} hidden", isPrivate: true)).EnsureSuccessStatusCode();
        await using var hub = await ada.ConnectAsync();
        await hub.InvokeAsync("SendMessage", busy, "first", "1");
        await hub.InvokeAsync("SendMessage", quiet, "second", "2");

        Assert.Equal(["quiet", "busy", "one", "two", "zoo"], await NamesAsync(ada, $"?search={tag}"));
        Assert.Equal(["quiet", "busy", "one"], await NamesAsync(ada, $"?search={tag.ToUpperInvariant()}&limit=3"));
        Assert.Equal(["busy"], await NamesAsync(ada, $"?search={tag} B&limit=1"));
        Assert.Equal(["two"], await NamesAsync(ada, $"?search={tag} T"));
        Assert.Empty(await NamesAsync(ada, $"?search={tag[..3]}%25"));

        var all = await ada.Http().GetFromJsonAsync<JsonElement>($"/api/rooms?search={tag}", Cancellation);
        Assert.Equal("second", all[0].GetProperty("lastMessage").GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?limit=x")]
    [InlineData("?search=%00")]
    public async Task An_odd_query_is_refused(string query)
    {
        using var ada = await cluster.NewPersonAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await ada.Http().GetAsync($"/api/rooms{query}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_private_room_does_not_exist_for_those_outside()
    {
        using var ada = await cluster.NewPersonAsync();
        using var eve = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync(isPrivate: true);
        await using var eves = await eve.ConnectAsync();

        foreach (var path in new[] { "", "/messages", "/people" })
        {
            var closed = await eve.Http().GetAsync($"/api/rooms/{room}{path}", Cancellation);
            var missing = await eve.Http().GetAsync($"/api/rooms/{Guid.NewGuid()}{path}", Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, closed.StatusCode);
            Assert.Equal(await BodyAsync(missing), await BodyAsync(closed));
        }

        var own = await PostAsync(eve, $"/api/rooms/{room}/members", $$"""{"userName":"{{eve.Name}}"}""");
        Assert.Equal(HttpStatusCode.NotFound, own.StatusCode);
        var joined = await Assert.ThrowsAsync<Realtime.HubCallException>(() => eves.InvokeAsync("JoinRoom", room));
        Assert.Equal("room_not_found", joined.Code);
        Assert.DoesNotContain(room, await eve.Http().GetStringAsync("/api/rooms?limit=200", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_lets_somebody_into_a_private_room_once_and_for_all_devices()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync(isPrivate: true);
        await using var adas = await ada.ConnectAsync(0);
        await using var first = await bob.ConnectAsync(0);
        await using var second = await bob.ConnectAsync(1);

        for (var i = 0; i < 2; i++)
        {
            var response = await PostAsync(ada, $"/api/rooms/{room}/members", $$"""{"userName":"{{bob.Name.ToUpperInvariant()}}"}""");
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        await adas.InvokeAsync("SendMessage", room, "welcome", "1");
        foreach (var device in new[] { first, second })
        {
            Assert.True((await device.Events.WaitForAsync("RoomAdded", e => e.Text("id") == room)).Payload.GetProperty("isPrivate").GetBoolean());
            Assert.Equal("welcome", (await device.Events.WaitForAsync("ReceiveMessage")).Text("text"));
            Assert.Single(device.Events.Of("RoomAdded"), e => e.Text("id") == room);
        }
    }

    [Theory]
    [InlineData("{\"userName\":\"\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"userName\":null}", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("{\"userName\":\"nul\\u0000\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"userName\":\"nobody-has-this-name\"}", HttpStatusCode.NotFound)]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    public async Task Letting_in_nobody_is_refused(string body, HttpStatusCode status)
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync(isPrivate: true);

        Assert.Equal(status, (await PostAsync(ada, $"/api/rooms/{room}/members", body)).StatusCode);
    }

    [Fact]
    public async Task Nobody_is_let_into_a_public_room()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(ada, $"/api/rooms/{room}/members", $$"""{"userName":"{{bob.Name}}"}""")).StatusCode);
    }

    [Fact]
    public async Task Nothing_is_shown_without_signing_in()
    {
        var nobody = (await cluster.ReplicaAsync(0)).Http;

        foreach (var path in new[] { "/api/rooms", $"/api/rooms/{Guid.NewGuid()}", $"/api/rooms/{Guid.NewGuid()}/messages", $"/api/rooms/{Guid.NewGuid()}/people" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(path, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostAsync("/chatHub/negotiate?negotiateVersion=1", content: null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostAsync("/chatHub/negotiate?negotiateVersion=1&access_token=forged", content: null, Cancellation)).StatusCode);
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response)
    {
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return string.Join('|', problem.EnumerateObject().Where(p => p.Name != "traceId").Select(p => $"{p.Name}={p.Value}"));
    }

    private static async Task<string> IdOfAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetString()!;

    private static Task<HttpResponseMessage> CreateAsync(ChatPerson person, string name, bool isPrivate = false, int replica = 0) =>
        person.Http(replica).PostAsJsonAsync("/api/rooms", new { name, isPrivate }, Cancellation);

    private static async Task<HttpResponseMessage> PostAsync(ChatPerson person, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await person.Http().PostAsync(path, content, Cancellation);
    }

    private static async Task<IEnumerable<string>> NamesAsync(ChatPerson person, string query) =>
        (await person.Http().GetFromJsonAsync<JsonElement>($"/api/rooms{query}", Cancellation))
            .EnumerateArray().Select(room => room.GetProperty("name").GetString()!.Split(' ')[1]);
}

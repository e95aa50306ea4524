using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hubbub.Server.Tests.Chat;

public sealed class HistoryTests(ChatCluster cluster) : IClassFixture<ChatCluster>
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Paging_back_and_forth_visits_every_message_once_in_order(int limit)
    {
        const int count = 25;
        using var ada = await cluster.NewPersonAsync();
        var room = await FilledRoomAsync(ada, count);

        var back = new List<long>();
        var query = $"?limit={limit}";
        while (true)
        {
            var page = await ada.HistoryAsync(room, query, replica: 1);
            var seqs = Seqs(page);
            back.InsertRange(0, seqs);
            Assert.Equal(seqs[0] > 1, page.GetProperty("hasMore").GetBoolean());
            if (seqs[0] == 1)
                break;
            query = $"?limit={limit}&before={page.GetProperty("messages")[0].GetProperty("id").GetString()}";
        }

        Assert.Equal(Enumerable.Range(1, count).Select(n => (long)n), back);

        var oldest = (await ada.HistoryAsync(room, "?limit=100")).GetProperty("messages")[0].GetProperty("id").GetString();
        var forth = new List<long> { 1 };
        while (true)
        {
            var page = await ada.HistoryAsync(room, $"?limit={limit}&after={oldest}");
            forth.AddRange(Seqs(page));
            Assert.Equal(forth[^1] < count, page.GetProperty("hasMore").GetBoolean());
            if (!page.GetProperty("hasMore").GetBoolean())
                break;
            oldest = page.GetProperty("messages").EnumerateArray().Last().GetProperty("id").GetString();
        }

        Assert.Equal(Enumerable.Range(1, count).Select(n => (long)n), forth);
    }

    [Fact]
    public async Task An_empty_room_and_an_end_have_empty_pages()
    {
        using var ada = await cluster.NewPersonAsync();
        var empty = await ada.HistoryAsync(await ada.NewRoomAsync());
        Assert.Equal(0, empty.GetProperty("messages").GetArrayLength());
        Assert.False(empty.GetProperty("hasMore").GetBoolean());
        Assert.Equal(JsonValueKind.String, empty.GetProperty("position").ValueKind);

        var room = await FilledRoomAsync(ada, 1);
        var only = (await ada.HistoryAsync(room)).GetProperty("messages")[0].GetProperty("id").GetString();
        foreach (var direction in new[] { "before", "after" })
        {
            var page = await ada.HistoryAsync(room, $"?{direction}={only}");
            Assert.Equal(0, page.GetProperty("messages").GetArrayLength());
            Assert.False(page.GetProperty("hasMore").GetBoolean());
        }
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=-1", "limit")]
    [InlineData("?limit=ten", "limit")]
    [InlineData("?limit=99999999999999999999", "limit")]
    [InlineData("?before=nonsense", "before")]
    [InlineData("?after=7d444840-9dc0-11d1-b245-5ffdce74fad2", "after")]
    [InlineData("?before=7d444840-9dc0-11d1-b245-5ffdce74fad2&after=7d444840-9dc0-11d1-b245-5ffdce74fad2", "after")]
    public async Task An_odd_query_is_refused_with_the_field(string query, string field)
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();

        var response = await ada.Http().GetAsync($"/api/rooms/{room}/messages{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task A_message_of_another_room_is_no_place_in_this_one()
    {
        using var ada = await cluster.NewPersonAsync();
        var other = (await ada.HistoryAsync(await FilledRoomAsync(ada, 1))).GetProperty("messages")[0].GetProperty("id").GetString();

        var response = await ada.Http().GetAsync($"/api/rooms/{await ada.NewRoomAsync()}/messages?before={other}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static List<long> Seqs(JsonElement page) =>
        [.. page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("seq").GetInt64())];

    private static async Task<string> FilledRoomAsync(ChatPerson person, int count)
    {
        var room = await person.NewRoomAsync();
        await using var hub = await person.ConnectAsync();
        for (var i = 1; i <= count; i++)
            await hub.InvokeAsync("SendMessage", room, $"message {i}", $"{room} {i}");
        return room;
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

/// <summary>Somebody with an account, who can be at any replica.</summary>
internal sealed class ChatPerson(Person person, IReadOnlyList<TestReplica> replicas) : IDisposable
{
    private readonly List<HttpClient> _http = [.. replicas.Select(person.On)];

    public string Id { get; } = person.Id;

    public string Name { get; } = person.UserName;

    /// <summary>This person's requests to a replica.</summary>
    public HttpClient Http(int replica = 0) => _http[replica];

    /// <summary>Opens the chat on a new device, which is in all of the person's rooms when this returns.</summary>
    public async Task<HubClient> ConnectAsync(int replica = 0)
    {
        var hub = await BeginConnectAsync(replica);
        await hub.EnteredAsync();
        return hub;
    }

    /// <summary>Opens the chat on a new device, which may still be on its way into the rooms when this returns.</summary>
    /// <param name="replica">Where.</param>
    /// <param name="cursor">Null for a device that does not ask to resume.</param>
    public Task<HubClient> BeginConnectAsync(int replica = 0, string? cursor = null) =>
        HubClient.ConnectAsync(new Uri(replicas[replica].Url, "/chatHub"), person.AccessToken, cursor);

    /// <summary>A wire to the chat on which anything can be sent.</summary>
    public Task<RawWire> ConnectRawAsync() =>
        RawWire.ConnectAsync(new Uri(replicas[0].Url, "/chatHub"), person.AccessToken, TestContext.Current.CancellationToken);

    /// <summary>Creates a room of a random name and returns its id.</summary>
    public async Task<string> NewRoomAsync(bool isPrivate = false, int replica = 0)
    {
        using var response = await Http(replica).PostAsJsonAsync("/api/rooms", new { name = $"room {Guid.NewGuid():n}", isPrivate });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Lets somebody into a private room.</summary>
    public async Task LetInAsync(string roomId, ChatPerson guest)
    {
        using var response = await Http().PostAsJsonAsync($"/api/rooms/{roomId}/members", new { userName = guest.Name });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>One room, as this person sees it.</summary>
    public Task<JsonElement> RoomAsync(string roomId, int replica = 0) => Http(replica).GetFromJsonAsync<JsonElement>($"/api/rooms/{roomId}");

    /// <summary>A page of history.</summary>
    public Task<JsonElement> HistoryAsync(string roomId, string query = "", int replica = 0) =>
        Http(replica).GetFromJsonAsync<JsonElement>($"/api/rooms/{roomId}/messages{query}");

    /// <inheritdoc />
    public void Dispose() => _http.ForEach(client => client.Dispose());
}

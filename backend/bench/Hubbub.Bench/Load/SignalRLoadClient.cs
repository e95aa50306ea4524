using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace Hubbub.Bench.Load;

/// <summary>SignalR's own client as it comes, over a WebSocket.</summary>
internal sealed class SignalRLoadClient : ILoadClient
{
    private readonly HubConnection _connection;
    private long _received;

    private SignalRLoadClient(HubConnection connection)
    {
        _connection = connection;
        connection.On<string>("M", Take);
    }

    public Latencies? Latencies { get; set; }

    public long Received => Volatile.Read(ref _received);

    /// <summary>A client in a room.</summary>
    public static async Task<SignalRLoadClient> ConnectedAsync(int port, string room)
    {
        var client = new SignalRLoadClient(new HubConnectionBuilder()
            .WithUrl($"http://127.0.0.1:{port}/bench?room={room}", HttpTransportType.WebSockets, http => http.SkipNegotiation = true)
            .Build());
        await client._connection.StartAsync();
        return client;
    }

    public Task PublishAsync(string room, int bytes) => _connection.SendAsync("Publish", room, Payload.Now(bytes));

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // One call at a time: SignalR hands them over one after the other.
    private void Take(string payload)
    {
        Volatile.Write(ref _received, _received + 1);
        if (Latencies is { } latencies && Payload.AgeOf(payload) is { } age)
            latencies.Add(age);
    }
}

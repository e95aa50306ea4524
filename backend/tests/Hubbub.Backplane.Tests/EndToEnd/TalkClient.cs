using System.Threading.Channels;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>SignalR's own client of the hubs of these tests. What the server calls is taken off one by one.</summary>
internal sealed class TalkClient : IAsyncDisposable
{
    private readonly HubConnection _connection;
    private readonly Channel<ServerCall> _calls = Channel.CreateUnbounded<ServerCall>();

    private TalkClient(HubConnection connection)
    {
        _connection = connection;
        connection.On("Say", (string text) => { Note(new ServerCall("Say", [text])); });
        connection.On("Ask", (int number) => Note(new ServerCall("Ask", [number])).Answered);
    }

    public string ConnectionId => _connection.ConnectionId!;

    /// <summary>Connects and waits until the hub's <c>OnConnectedAsync</c> has run.</summary>
    /// <param name="app">The replica.</param>
    /// <param name="hub">The hub's path.</param>
    /// <param name="query">Added to the hub's address, such as <c>user=ann</c>.</param>
    /// <param name="transport">Which one.</param>
    /// <param name="protocol">Which one, <c>json</c> or <c>messagepack</c>.</param>
    /// <param name="throughPort">The port of a proxy before the replica; with it the client asks for stateful reconnect.</param>
    public static async Task<TalkClient> ConnectAsync(
        HubApp app,
        string hub = "talk",
        string query = "",
        HttpTransportType transport = HttpTransportType.WebSockets,
        string protocol = "json",
        int? throughPort = null)
    {
        var url = new UriBuilder(app.Url) { Path = hub, Query = query, Port = throughPort ?? app.Url.Port };
        var builder = new HubConnectionBuilder().WithUrl(url.Uri, transport);
        if (protocol == "messagepack")
            builder.AddMessagePackProtocol();
        if (throughPort is not null)
            builder.WithStatefulReconnect();
        var client = new TalkClient(builder.Build());
        await client._connection.StartAsync(TestContext.Current.CancellationToken);
        await client.InvokeAsync<string>("Here");
        return client;
    }

    /// <summary>Calls a hub method and waits until it is through.</summary>
    public Task InvokeAsync(string method, params object?[] arguments) =>
        _connection.InvokeCoreAsync(method, arguments, TestContext.Current.CancellationToken);

    /// <summary>Calls a hub method and waits for its result.</summary>
    public Task<T> InvokeAsync<T>(string method, params object?[] arguments) =>
        _connection.InvokeCoreAsync<T>(method, arguments, TestContext.Current.CancellationToken);

    /// <summary>Calls a hub method that streams, and reads the stream to its end.</summary>
    public async Task<List<int>> StreamAsync(string method, params object?[] arguments) =>
        await _connection.StreamAsyncCore<int>(method, arguments, TestContext.Current.CancellationToken).ToListAsync();

    /// <summary>Waits for the next call of the server.</summary>
    public Task<ServerCall> NextAsync() => _calls.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit);

    /// <summary>Waits for the next call of the server and checks what it is.</summary>
    public async Task<ServerCall> ExpectAsync(string target, object argument)
    {
        var call = await NextAsync();
        Assert.Equal((target, argument), (call.Target, Assert.Single(call.Arguments)));
        return call;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private ServerCall Note(ServerCall call)
    {
        _calls.Writer.TryWrite(call);
        return call;
    }
}

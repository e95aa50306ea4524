using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>A client of a hub without a network: what the server writes to the connection can be read here, message by message.</summary>
internal sealed class TestClient
{
    private readonly Pipe _toClient;

    /// <param name="userId">Whose connection it is.</param>
    /// <param name="connectionId">Its id; a new one if null.</param>
    /// <param name="pauseWriterAt">How many bytes the server can write before the client has to read.</param>
    /// <param name="query">The query of the hub's URL, such as <c>?cursor=</c>.</param>
    /// <param name="protocol">Which hub protocol it speaks, <c>json</c> or <c>messagepack</c>.</param>
    public TestClient(
        string? userId = null, string? connectionId = null, long pauseWriterAt = 1024 * 1024, string query = "", string protocol = "json")
    {
        _toClient = new Pipe(new PipeOptions(pauseWriterThreshold: pauseWriterAt, resumeWriterThreshold: pauseWriterAt / 2));
        var connection = new DefaultConnectionContext(connectionId ?? Guid.NewGuid().ToString("n"))
        {
            Transport = new Duplex(new Pipe().Reader, _toClient.Writer),
        };
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        connection.Features.Set<IHttpContextFeature>(new HttpContextFeature { HttpContext = http });
        Connection = new HubConnectionContext(connection, new HubConnectionContextOptions(), NullLoggerFactory.Instance)
        {
            Protocol = protocol == "json" ? new JsonHubProtocol() : new MessagePackHubProtocol(),
            UserIdentifier = userId,
        };
    }

    public HubConnectionContext Connection { get; }

    public string Id => Connection.ConnectionId;

    /// <summary>False after <see cref="EndAsync"/>.</summary>
    public bool IsConnected { get; private set; } = true;

    /// <summary>Ends the connection, as its manager sees it.</summary>
    public Task EndAsync(HubLifetimeManager<TestHub> manager)
    {
        IsConnected = false;
        return manager.OnDisconnectedAsync(Connection);
    }

    /// <summary>Checks that nothing was written that has not been read yet.</summary>
    public void AssertSilent() => Assert.False(_toClient.Reader.TryRead(out _), "Something was written to a connection that had ended.");

    /// <summary>Waits for the next message.</summary>
    public async Task<ReceivedMessage> NextAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var result = await _toClient.Reader.ReadAsync(timeout.Token);
            var buffer = result.Buffer;
            if (TryTake(ref buffer, out var json))
            {
                _toClient.Reader.AdvanceTo(buffer.Start);
                return ReceivedMessage.Parse(json);
            }

            Assert.False(result.IsCompleted, "The connection ended before a message came.");
            _toClient.Reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Waits for the next message and checks what it is.</summary>
    public async Task<ReceivedMessage> ExpectAsync(string target, params object?[] args)
    {
        var message = await NextAsync();
        Assert.Equal((target, JsonSerializer.Serialize(args, JsonSerializerOptions.Web)), (message.Target, message.Arguments));
        return message;
    }

    private bool TryTake(ref ReadOnlySequence<byte> input, out string json)
    {
        if (Connection.Protocol is MessagePackHubProtocol)
            return Packed.TryTake(ref input, out json);

        json = "";
        if (input.PositionOf((byte)0x1e) is not { } end)
            return false;
        json = Encoding.UTF8.GetString(input.Slice(0, end));
        input = input.Slice(input.GetPosition(1, end));
        return true;
    }

    private sealed class HttpContextFeature : IHttpContextFeature
    {
        public HttpContext? HttpContext { get; set; }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}

/// <summary>An invocation as it stood on the wire.</summary>
internal sealed record ReceivedMessage(string Target, string Arguments, string? Cursor, string? InvocationId)
{
    public static ReceivedMessage Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Array ? FromMessagePack(root) : FromJson(root);
    }

    private static ReceivedMessage FromJson(JsonElement root)
    {
        Assert.Equal(1, root.GetProperty("type").GetInt32());
        return new ReceivedMessage(
            root.GetProperty("target").GetString()!,
            JsonSerializer.Serialize(root.GetProperty("arguments")),
            root.TryGetProperty("headers", out var headers) ? headers.GetProperty("cursor").GetString() : null,
            root.TryGetProperty("invocationId", out var id) ? id.GetString() : null);
    }

    // [type, headers, invocation id, target, arguments, ids of streams]
    private static ReceivedMessage FromMessagePack(JsonElement root)
    {
        Assert.Equal((1, 6), (root[0].GetInt32(), root.GetArrayLength()));
        return new ReceivedMessage(
            root[3].GetString()!,
            JsonSerializer.Serialize(root[4]),
            root[1].TryGetProperty("cursor", out var cursor) ? cursor.GetString() : null,
            root[2].GetString());
    }
}

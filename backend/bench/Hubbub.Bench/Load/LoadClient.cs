using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Hubbub.Bench.Load;

/// <summary>
/// A client of the hub that costs as little as it can: it does not parse messages but looks for the time stamp that the publisher put into each
/// payload, and counts. It is for rates at which SignalR's own clients would take the processors from the servers (docs/benchmarks.md has what both
/// cost), for clients that stall, and for storms.
/// </summary>
internal sealed class LoadClient : ILoadClient
{
    private const byte Separator = 0x1e;

    /// <summary>For a client that does not read: the system would take in megabytes for it, and the server would not notice in a short run.</summary>
    private static readonly HttpMessageInvoker WithoutRoom = new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly TaskCompletionSource<string> _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _receiving = Task.CompletedTask;
    private int _kept;

    public Latencies? Latencies { get; set; }

    public long Received { get; private set; }

    /// <summary>The last cursor seen.</summary>
    public string Cursor { get; private set; } = "";

    /// <summary>The call <c>Resumed</c>, as it stood on the wire.</summary>
    public Task<string> Resumed => _resumed.Task;

    /// <summary>A client in a room.</summary>
    public static async Task<LoadClient> ConnectedAsync(int port, string room)
    {
        var client = new LoadClient();
        await client.ConnectAsync(port, room);
        return client;
    }

    public async Task ConnectAsync(int port, string room, string? cursor = null, bool isReading = true)
    {
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        var query = $"room={room}" + (cursor is null ? "" : $"&cursor={cursor}");
        var address = new Uri($"ws://127.0.0.1:{port}/bench?{query}");
        await (isReading ? _socket.ConnectAsync(address, default) : _socket.ConnectAsync(address, WithoutRoom, default));
        await SendAsync("{\"protocol\":\"json\",\"version\":1}");
        var handshake = await _socket.ReceiveAsync(_buffer.AsMemory(), default);
        var end = _buffer.AsSpan(0, handshake.Count).IndexOf(Separator);
        _kept = handshake.Count - end - 1;
        _buffer.AsSpan(end + 1, _kept).CopyTo(_buffer);
        if (isReading)
            _receiving = ReceiveAsync(cursor is not null);
    }

    public Task PublishAsync(string room, int bytes) =>
        SendAsync($$"""{"type":1,"target":"Publish","arguments":["{{room}}","{{Payload.Now(bytes)}}"]}""");

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task SendAsync(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json + (char)Separator);
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, true, default);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync(bool keepsCursor)
    {
        var filled = _kept;
        while (true)
        {
            filled = Take(filled, keepsCursor);
            var result = await _socket.ReceiveAsync(_buffer.AsMemory(filled), default);
            if (result.MessageType == WebSocketMessageType.Close)
                return;
            filled += result.Count;
        }
    }

    /// <summary>Counts the whole messages in the buffer and moves the rest to its front. Returns the length of the rest.</summary>
    private int Take(int filled, bool keepsCursor)
    {
        var rest = _buffer.AsSpan(0, filled);
        while (rest.IndexOf(Separator) is >= 0 and var end)
        {
            var message = rest[..end];
            rest = rest[(end + 1)..];
            if (keepsCursor)
                TakeCursor(message);
            var at = message.IndexOf("[\"#"u8);
            if (at < 0)
                continue;
            Received++;
            if (Utf8Parser.TryParse(message.Slice(at + 3, 19), out long stamp, out _))
                Latencies?.Add(Stopwatch.GetElapsedTime(stamp));
        }

        rest.CopyTo(_buffer);
        return rest.Length;
    }

    private void TakeCursor(ReadOnlySpan<byte> message)
    {
        var at = message.IndexOf("\"cursor\":\""u8);
        if (at >= 0)
        {
            var value = message[(at + 10)..];
            Cursor = Encoding.ASCII.GetString(value[..value.IndexOf((byte)'"')]);
        }

        if (message.IndexOf("\"Resumed\""u8) >= 0)
            _resumed.TrySetResult(Encoding.UTF8.GetString(message));
    }
}

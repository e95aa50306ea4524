using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Hubbub.Server.Tests.Realtime;

/// <summary>A client of a SignalR hub: the JSON protocol over a WebSocket, without negotiation, as little as tests need.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private const byte RecordSeparator = 0x1e;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A small window, so that a client that does not read is soon noticed by the hub.
    private static readonly HttpMessageInvoker Network = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 64 * 1024 };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    });

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly WebSocket _socket;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HubStream> _streams = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private Task _receiving = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;
    private Task _mayRead = Task.CompletedTask;
    private int _lastCall;

    private HubClient(WebSocket socket) => _socket = socket;

    /// <summary>What the hub has called.</summary>
    public HubEvents Events { get; } = new();

    /// <summary>Completes when the connection has ended, with the error of the hub's close message if it gave one.</summary>
    public Task<string?> Closed => _closed.Task;

    /// <summary>Connects and shakes hands. The hub may still be busy with the connection: see <see cref="EnteredAsync"/>.</summary>
    /// <param name="hub">The hub's address, http or https.</param>
    /// <param name="accessToken">Goes into the query, as in a browser.</param>
    /// <param name="cursor">Null for a client that does not resume.</param>
    public static async Task<HubClient> ConnectAsync(Uri hub, string? accessToken, string? cursor = null)
    {
        var query = new List<string>();
        if (accessToken is not null)
            query.Add($"access_token={Uri.EscapeDataString(accessToken)}");
        if (cursor is not null)
            query.Add($"cursor={Uri.EscapeDataString(cursor)}");
        var address = new UriBuilder(hub)
        {
            Scheme = hub.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
            Query = string.Join('&', query),
        };

        using var patience = new CancellationTokenSource(Patience);
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(address.Uri, Network, patience.Token);
            var client = new HubClient(socket);
            await client.ShakeHandsAsync(patience.Token);
            return client;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Calls a hub method and waits for its result; an undefined element if it has none.</summary>
    /// <exception cref="HubCallException">The hub answered with an error.</exception>
    public async Task<JsonElement> InvokeAsync(string method, params object?[] arguments)
    {
        var (id, result) = NewCall();
        await SendRawAsync(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = method, arguments }, Json));
        return await result.WaitAsync(Patience);
    }

    /// <summary>Calls a hub method with arguments that are written as they are, for what no serialiser would write.</summary>
    public async Task<JsonElement> InvokeRawAsync(string method, string argumentsJson)
    {
        var (id, result) = NewCall();
        await SendRawAsync($$"""{"type":1,"invocationId":"{{id}}","target":"{{method}}","arguments":{{argumentsJson}}}""");
        return await result.WaitAsync(Patience);
    }

    /// <summary>Asks a hub method for its stream.</summary>
    public async Task<HubStream> StreamAsync(string method, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref _lastCall).ToString(CultureInfo.InvariantCulture);
        var stream = _streams[id] = new HubStream(() => SendRawAsync(JsonSerializer.Serialize(new { type = 5, invocationId = id }, Json)));
        await SendRawAsync(JsonSerializer.Serialize(new { type = 4, invocationId = id, target = method, arguments }, Json));
        return stream;
    }

    /// <summary>Reads nothing from the socket, from its next frame on, until the result is disposed of: the network fills up.</summary>
    public IDisposable HoldReads()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _mayRead, released.Task);
        return new Hold(released);
    }

    /// <summary>
    /// Returns when the hub's <c>OnConnectedAsync</c> has run: the handshake is answered before it, calls only after it, even those of methods
    /// that do not exist.
    /// </summary>
    public async Task EnteredAsync()
    {
        try
        {
            await InvokeAsync("NoSuchMethod");
        }
        catch (HubCallException)
        {
            // The answer.
        }
    }

    /// <summary>Sends one record of the protocol, right or wrong.</summary>
    public async Task SendRawAsync(string record)
    {
        var bytes = Encoding.UTF8.GetBytes(record);
        await _sending.WaitAsync(_end.Token);
        try
        {
            await _socket.SendAsync(new ArraySegment<byte>([.. bytes, RecordSeparator]), WebSocketMessageType.Text, endOfMessage: true, _end.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Drops the connection without a word, as a broken network does.</summary>
    public void Abort() => _socket.Abort();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, patience.Token);
                await _receiving.WaitAsync(patience.Token);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                _socket.Abort();
            }
        }

        await _end.CancelAsync();
        await _receiving;
        await _pinging;
        _socket.Dispose();
        _sending.Dispose();
        _end.Dispose();
    }

    private (string Id, Task<JsonElement> Result) NewCall()
    {
        var id = Interlocked.Increment(ref _lastCall).ToString(CultureInfo.InvariantCulture);
        var call = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = call;
        if (_closed.Task.IsCompleted)
            call.TrySetException(new InvalidOperationException("The connection has ended."));
        return (id, call.Task);
    }

    private async Task ShakeHandsAsync(CancellationToken cancellationToken)
    {
        await SendRawAsync("""{"protocol":"json","version":1}""");
        var records = ReadRecordsAsync().GetAsyncEnumerator(CancellationToken.None);
        if (!await records.MoveNextAsync().AsTask().WaitAsync(cancellationToken))
            throw new InvalidOperationException("The connection ended during the handshake.");
        if (records.Current.TryGetProperty("error", out var error))
            throw new InvalidOperationException(error.GetString());
        _receiving = ReceiveAsync(records);
        _pinging = PingAsync();
    }

    private async Task ReceiveAsync(IAsyncEnumerator<JsonElement> records)
    {
        Exception end = new InvalidOperationException("The hub closed the connection.");
        string? closeError = null;
        try
        {
            await using (records)
            {
                while (await records.MoveNextAsync())
                    closeError = Take(records.Current) ?? closeError;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or JsonException)
        {
            end = e;
        }

        _closed.TrySetResult(closeError);
        foreach (var stream in _streams.Values)
            stream.End(end);
        Events.End(end);
        foreach (var call in _calls.Values)
            call.TrySetException(end);
    }

    // Returns the error of a close message.
    private string? Take(JsonElement record)
    {
        switch (record.GetProperty("type").GetInt32())
        {
            case 1:
                var cursor = record.TryGetProperty("headers", out var headers) && headers.TryGetProperty("cursor", out var c) ? c.GetString() : null;
                Events.Add(new HubEvent(record.GetProperty("target").GetString()!, [.. record.GetProperty("arguments").EnumerateArray()], cursor));
                return null;
            case 2:
                _streams[record.GetProperty("invocationId").GetString()!].Add(record.GetProperty("item"));
                return null;
            case 3:
                if (_streams.TryGetValue(record.GetProperty("invocationId").GetString()!, out var ended))
                    ended.End(record.TryGetProperty("error", out var failure) ? new HubCallException(failure.GetString()!) : null);
                else if (_calls.TryRemove(record.GetProperty("invocationId").GetString()!, out var call))
                {
                    if (record.TryGetProperty("error", out var error))
                        call.TrySetException(new HubCallException(error.GetString()!));
                    else
                        call.TrySetResult(record.TryGetProperty("result", out var result) ? result : default);
                }

                return null;
            case 7:
                return record.TryGetProperty("error", out var reason) ? reason.GetString() : null;
            default:
                return null;
        }
    }

    private async IAsyncEnumerable<JsonElement> ReadRecordsAsync()
    {
        var buffer = new byte[16 * 1024];
        var pending = new MemoryStream();
        while (true)
        {
            await Volatile.Read(ref _mayRead).WaitAsync(_end.Token);
            var read = await _socket.ReceiveAsync(new ArraySegment<byte>(buffer), _end.Token);
            if (read.MessageType == WebSocketMessageType.Close)
                yield break;
            for (var i = 0; i < read.Count; i++)
            {
                if (buffer[i] != RecordSeparator)
                {
                    pending.WriteByte(buffer[i]);
                    continue;
                }

                using var document = JsonDocument.Parse(pending.ToArray());
                pending.SetLength(0);
                yield return document.RootElement.Clone();
            }
        }
    }

    // The hub gives up on clients it has not heard from.
    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token) && !_closed.Task.IsCompleted)
                await SendRawAsync("""{"type":6}""");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Over; the receiving side tells.
        }
    }

    private sealed class Hold(TaskCompletionSource released) : IDisposable
    {
        public void Dispose() => released.TrySetResult();
    }
}

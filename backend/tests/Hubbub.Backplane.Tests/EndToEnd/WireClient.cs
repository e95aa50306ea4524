using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>
/// A client of a hub over a real connection: negotiation, any transport, either hub protocol, results for the server, and stateful reconnect. As
/// little as these tests need.
/// </summary>
internal sealed class WireClient : IAsyncDisposable
{
    private static readonly HttpClient Negotiator = new();

    private readonly bool _isFramed;
    private readonly Uri _connection;
    private readonly string _transport;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Channel<ServerCall> _calls = Channel.CreateUnbounded<ServerCall>();
    private readonly ConcurrentDictionary<string, Channel<JsonElement>> _pending = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IWire _wire = null!;
    private Task _reading = Task.CompletedTask;
    private int _lastId;

    // Stateful reconnect: how many messages that count went each way, and where the server goes on after a reconnect.
    private int _sent;
    private long _received;
    private long _next = 1;

    private WireClient(Uri connection, string connectionId, string transport, string protocol)
    {
        _connection = connection;
        _transport = transport;
        _isFramed = protocol == "framed";
        ConnectionId = connectionId;
    }

    public string ConnectionId { get; }

    /// <summary>Completes when the server has ended the connection.</summary>
    public Task Closed => _closed.Task.WaitAsync(Eventually.Limit);

    /// <summary>Connects and waits until the hub's <c>OnConnectedAsync</c> has run.</summary>
    /// <param name="app">The replica.</param>
    /// <param name="hub">The hub's path.</param>
    /// <param name="query">Added to the hub's address, such as <c>user=ann</c>.</param>
    /// <param name="transport">Which one.</param>
    /// <param name="protocol">Which one, <c>json</c> or <c>framed</c>.</param>
    /// <param name="isStateful">Whether to ask for stateful reconnect.</param>
    public static async Task<WireClient> ConnectAsync(
        HubApp app, string hub = "talk", string query = "", string transport = "WebSockets", string protocol = "json", bool isStateful = false)
    {
        var negotiate = new Uri(app.Url, $"/{hub}/negotiate?negotiateVersion=1&{query}{(isStateful ? "&useStatefulReconnect=true" : "")}");
        using var response = await Negotiator.PostAsync(negotiate, content: null, TestContext.Current.CancellationToken);
        var answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(isStateful, answer.TryGetProperty("useStatefulReconnect", out var agreed) && agreed.GetBoolean());

        var token = Uri.EscapeDataString(answer.GetProperty("connectionToken").GetString()!);
        var client = new WireClient(
            new Uri(app.Url, $"/{hub}?id={token}&{query}"), answer.GetProperty("connectionId").GetString()!, transport, protocol);
        await client.OpenAsync();
        await client.ShakeHandsAsync(protocol, version: isStateful ? 2 : 1);
        await client.InvokeAsync("Here");
        return client;
    }

    /// <summary>Calls a hub method and waits for its result; an undefined element if it has none.</summary>
    /// <exception cref="InvalidOperationException">The hub answered with an error.</exception>
    public async Task<JsonElement> InvokeAsync(string method, params object?[] arguments)
    {
        var (id, answers) = Expect();
        await SendNumberedAsync(new { type = 1, invocationId = id, target = method, arguments });
        return await LastAsync(answers);
    }

    /// <summary>Calls a hub method that takes a stream as its last argument, and streams to it.</summary>
    public async Task<JsonElement> InvokeWithStreamAsync(string method, object?[] arguments, params int[] items)
    {
        var (id, answers) = Expect();
        await SendNumberedAsync(new { type = 1, invocationId = id, target = method, arguments, streamIds = new[] { "s" + id } });
        foreach (var item in items)
            await SendNumberedAsync(new { type = 2, invocationId = "s" + id, item });
        await SendNumberedAsync(new { type = 3, invocationId = "s" + id });
        return await LastAsync(answers);
    }

    /// <summary>Calls a hub method that streams, and reads the stream to its end.</summary>
    public async Task<List<JsonElement>> StreamAsync(string method, params object?[] arguments)
    {
        var (id, answers) = Expect();
        await SendNumberedAsync(new { type = 4, invocationId = id, target = method, arguments });
        using var patience = new CancellationTokenSource(Eventually.Limit);
        return await answers.Reader.ReadAllAsync(patience.Token).ToListAsync(patience.Token);
    }

    /// <summary>Waits for the next call of the server.</summary>
    public async Task<ServerCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit);

    /// <summary>Waits for the next call of the server and checks what it is.</summary>
    public async Task<ServerCall> ExpectAsync(string target, object argument)
    {
        var call = await NextAsync();
        Assert.Equal((target, $"{argument}"), (call.Target, string.Join(',', call.Arguments)));
        return call;
    }

    /// <summary>Answers a call of the server.</summary>
    public Task AnswerAsync(ServerCall call, object result) => SendNumberedAsync(new { type = 3, invocationId = call.InvocationId, result });

    /// <summary>Tells the server that its call failed.</summary>
    public Task FailAsync(ServerCall call, string error) => SendNumberedAsync(new { type = 3, invocationId = call.InvocationId, error });

    /// <summary>Loses the connection without a word. With stateful reconnect it can be taken up again.</summary>
    public async Task CutAsync()
    {
        await _wire.DisposeAsync();
        await _reading;
    }

    /// <summary>Takes up a connection that was cut. Nothing the client sent is outstanding.</summary>
    public async Task ReconnectAsync()
    {
        await OpenAsync();
        await SendAsync(new { type = 9, sequenceId = _sent + 1 });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        await _wire.DisposeAsync();
        _sending.Dispose();
        _end.Dispose();
    }

    private (string Id, Channel<JsonElement> Answers) Expect()
    {
        var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        return (id, _pending[id] = Channel.CreateUnbounded<JsonElement>());
    }

    private static async Task<JsonElement> LastAsync(Channel<JsonElement> answers)
    {
        using var patience = new CancellationTokenSource(Eventually.Limit);
        var last = default(JsonElement);
        await foreach (var answer in answers.Reader.ReadAllAsync(patience.Token))
            last = answer;
        return last;
    }

    private async Task OpenAsync()
    {
        using var patience = new CancellationTokenSource(Eventually.Limit);
        _wire = _transport switch
        {
            "WebSockets" => await WebSocketWire.ConnectAsync(_connection, patience.Token),
            "ServerSentEvents" => await ServerSentEventsWire.ConnectAsync(_connection, patience.Token),
            "LongPolling" => await LongPollingWire.ConnectAsync(_connection, patience.Token),
            _ => throw new InvalidOperationException($"There is no transport {_transport}."),
        };
        _reading = ReadAsync(_wire);
    }

    private async Task ShakeHandsAsync(string protocol, int version)
    {
        // The handshake is JSON whatever the protocol, and has no type.
        var answers = _pending[""] = Channel.CreateUnbounded<JsonElement>();
        await _wire.SendAsync(Encoding.UTF8.GetBytes($$"""{"protocol":"{{protocol}}","version":{{version}}}""" + "\u001e"), _end.Token);
        await LastAsync(answers);
    }

    private Task SendNumberedAsync(object message)
    {
        Interlocked.Increment(ref _sent);
        return SendAsync(message);
    }

    private async Task SendAsync(object message)
    {
        byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(message), 0x1e];
        await _sending.WaitAsync(_end.Token);
        try
        {
            await _wire.SendAsync(_isFramed ? FramedProtocol.Frame(json) : json, _end.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync(IWire wire)
    {
        var rest = new ReadOnlySequence<byte>();
        try
        {
            await foreach (var piece in wire.ReadAsync(_end.Token))
            {
                rest = new ReadOnlySequence<byte>([.. rest.ToArray(), .. piece.Span]);
                while (TryTake(ref rest, out var json))
                    Take(JsonSerializer.Deserialize<JsonElement>(json.AsSpan(0, json.Length - 1)));
            }

            _closed.TrySetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or WebSocketException or ObjectDisposedException)
        {
            // Cut or disposed here, or broken there.
            _closed.TrySetResult();
        }

        foreach (var answers in _pending.Values)
            answers.Writer.TryComplete(new IOException("The connection has ended."));
    }

    private bool TryTake(ref ReadOnlySequence<byte> input, out byte[] json)
    {
        if (_isFramed && !_pending.ContainsKey(""))
            return FramedProtocol.TryTake(ref input, out json);

        json = [];
        if (input.PositionOf((byte)0x1e) is not { } end)
            return false;
        var next = input.GetPosition(1, end);
        json = input.Slice(0, next).ToArray();
        input = input.Slice(next);
        return true;
    }

    private void Take(JsonElement message)
    {
        if (_pending.TryRemove("", out var handshake))
        {
            handshake.Writer.Complete(message.TryGetProperty("error", out var refusal) ? new InvalidOperationException(refusal.GetString()) : null);
            return;
        }

        var type = message.GetProperty("type").GetInt32();
        if (type is >= 1 and <= 5 && _next++ <= _received)
            return; // sent again after a reconnect, and known
        _received = Math.Max(_received, _next - 1);
        var id = message.TryGetProperty("invocationId", out var given) ? given.GetString() : null;
        switch (type)
        {
            case 1:
                var cursor = message.TryGetProperty("headers", out var headers) ? headers.GetProperty("cursor").GetString() : null;
                _calls.Writer.TryWrite(new ServerCall(
                    message.GetProperty("target").GetString()!, [.. message.GetProperty("arguments").EnumerateArray()], id, cursor));
                break;
            case 2:
                _pending[id!].Writer.TryWrite(message.GetProperty("item"));
                break;
            case 3 when _pending.TryRemove(id!, out var answers):
                if (message.TryGetProperty("result", out var result))
                    answers.Writer.TryWrite(result);
                answers.Writer.Complete(message.TryGetProperty("error", out var error) ? new InvalidOperationException(error.GetString()) : null);
                break;
            case 7:
                _closed.TrySetResult();
                break;
            case 9:
                _next = message.GetProperty("sequenceId").GetInt64();
                break;
        }
    }
}

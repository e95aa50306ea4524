using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Azure.SignalR.Protocol;
using Microsoft.Extensions.Primitives;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>A client's connection to the service.</summary>
internal sealed class AzureStubClient(string id, string hub, string? userId, AzureStubReplica replica, WebSocket socket)
{
    private const byte RecordSeparator = 0x1e;

    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>();
    private readonly List<byte[]> _early = [];
    private readonly Lock _gate = new();
    private bool _isOpen;

    public string Id => id;

    public string Hub => hub;

    public string? UserId => userId;

    /// <summary>The connection of the replica on which its hub runs.</summary>
    public AzureStubReplica Replica => replica;

    public ConcurrentDictionary<string, bool> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Sends something to the client; what comes before the answer to its handshake, after that.</summary>
    public void Send(byte[] payload, bool isHandshake = false)
    {
        lock (_gate)
        {
            if (!_isOpen && !isHandshake)
            {
                _early.Add(payload);
                return;
            }

            _outgoing.Writer.TryWrite(payload);
            if (!isHandshake)
                return;
            _isOpen = true;
            _early.ForEach(early => _outgoing.Writer.TryWrite(early));
        }
    }

    /// <summary>Closes the connection once everything is sent.</summary>
    public void End() => _outgoing.Writer.TryComplete();

    /// <summary>Opens the connection at the replica, and passes on what comes, until one side ends it.</summary>
    public async Task RunAsync(Claim[] claims, string query, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var first = await socket.ReceiveAsync(buffer, cancellationToken);
        var handshake = JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, buffer.AsSpan(0, first.Count).IndexOf(RecordSeparator)));
        replica.Send(new OpenConnectionMessage(id, claims, new Dictionary<string, StringValues>(StringComparer.Ordinal), query)
        {
            Protocol = handshake.GetProperty("protocol").GetString(),
        });

        var writing = WriteAsync();
        for (var received = first; received.MessageType != WebSocketMessageType.Close; received = await socket.ReceiveAsync(buffer, cancellationToken))
            replica.Send(new ConnectionDataMessage(id, buffer.AsMemory(0, received.Count)));
        End();
        await writing;
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var payload in _outgoing.Reader.ReadAllAsync())
                await socket.SendAsync(payload, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The client has gone.
        }
    }
}

using System.Net.WebSockets;
using System.Text;

namespace Hubbub.Server.Tests.Realtime;

/// <summary>A WebSocket to a hub, for records that no client would send.</summary>
internal sealed class RawWire : IDisposable
{
    private const char RecordSeparator = '\u001e';

    private readonly ClientWebSocket _socket = new();

    public static async Task<RawWire> ConnectAsync(Uri hub, string accessToken, CancellationToken cancellationToken)
    {
        var address = new UriBuilder(hub) { Scheme = "ws", Query = $"access_token={Uri.EscapeDataString(accessToken)}" };
        var wire = new RawWire();
        await wire._socket.ConnectAsync(address.Uri, cancellationToken);
        await wire.SendAsync("""{"protocol":"json","version":1}""", cancellationToken);
        return wire;
    }

    /// <summary>Sends one record.</summary>
    public Task SendAsync(string record, CancellationToken cancellationToken) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(record + RecordSeparator), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    /// <summary>Returns when the hub has ended the connection.</summary>
    public async Task ClosedAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while ((await _socket.ReceiveAsync(buffer, cancellationToken)).MessageType != WebSocketMessageType.Close)
        {
            // What the hub says before.
        }
    }

    public void Dispose() => _socket.Dispose();
}

using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace Hubbub.Backplane.Tests.EndToEnd;

internal sealed class WebSocketWire : IWire
{
    private readonly ClientWebSocket _socket = new();

    public static async Task<WebSocketWire> ConnectAsync(Uri connection, CancellationToken cancellationToken)
    {
        var wire = new WebSocketWire();
        await wire._socket.ConnectAsync(new UriBuilder(connection) { Scheme = "ws" }.Uri, cancellationToken);
        return wire;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (read.MessageType == WebSocketMessageType.Close)
                yield break;
            yield return buffer.AsMemory(0, read.Count);
        }
    }

    /// <summary>Breaks the connection without a word.</summary>
    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}

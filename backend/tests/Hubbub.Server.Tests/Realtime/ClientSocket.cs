using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace Hubbub.Server.Tests.Realtime;

/// <summary>The WebSocket of a client, over a network that can fill up and break.</summary>
internal sealed class ClientSocket : IDisposable
{
    private ClientWebSocket? _socket;
    private Task _mayRead = Task.CompletedTask;

    /// <summary>Connects, for <see cref="HttpConnectionOptions.WebSocketFactory"/>.</summary>
    public async ValueTask<WebSocket> ConnectAsync(WebSocketConnectionContext context, CancellationToken cancellationToken)
    {
        _socket = new ClientWebSocket();
        using var network = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, ConnectCallback = OpenAsync });
        await _socket.ConnectAsync(context.Uri, network, cancellationToken);
        return _socket;
    }

    /// <summary>Reads nothing, from the next read on, until the result is disposed of.</summary>
    public IDisposable HoldReads()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _mayRead, released.Task);
        return new Hold(released);
    }

    /// <summary>Drops the connection without a word.</summary>
    public void Abort() => _socket?.Abort();

    public void Dispose() => _socket?.Dispose();

    // A small window, so that a client that does not read is soon noticed by the hub.
    private async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 64 * 1024 };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new HeldStream(this, socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class HeldStream(ClientSocket owner, Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Volatile.Read(ref owner._mayRead).WaitAsync(cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    private sealed class Hold(TaskCompletionSource released) : IDisposable
    {
        public void Dispose() => released.TrySetResult();
    }
}

using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Azure.SignalR.Protocol;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>A connection that a replica has opened for one of its hubs, as the service sees it.</summary>
internal sealed class AzureStubReplica(string hub, string serverId, WebSocket socket)
{
    private static readonly ServiceProtocol Protocol = new();

    private readonly Channel<ReadOnlyMemory<byte>> _outgoing = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();

    /// <summary>The hub's class name in lower case.</summary>
    public string Hub => hub;

    /// <summary>The replica, by the name that the package gives it.</summary>
    public string ServerId => serverId;

    /// <summary>Sends a message, unless the replica has gone.</summary>
    public void Send(ServiceMessage message) => _outgoing.Writer.TryWrite(Protocol.GetMessageBytes(message));

    /// <summary>What it sends, until it ends. Payloads are valid until the next message is asked for.</summary>
    public async IAsyncEnumerable<ServiceMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var writing = WriteAsync();
        try
        {
            var reader = PipeReader.Create(WebSocketStream.Create(socket, WebSocketMessageType.Binary));
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var buffer = result.Buffer;
                while (Protocol.TryParseMessage(ref buffer, out var message))
                    yield return message!;
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            _outgoing.Writer.TryComplete();
            await writing;
        }
    }

    /// <summary>Ends it without a word.</summary>
    public void Abort() => socket.Abort();

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var bytes in _outgoing.Reader.ReadAllAsync())
                await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Its end is noticed where it is read from.
        }
    }
}

using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Microsoft.Azure.SignalR.Protocol;

namespace Hubbub.Server.Tests.Platform;

/// <summary>A connection that a replica has opened for one of its hubs, as the service sees it.</summary>
internal sealed class AzureStubReplica(string hub, string serverId, WebSocket socket)
{
    private static readonly ServiceProtocol Protocol = new();

    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>The hub's class name in lower case.</summary>
    public string Hub => hub;

    /// <summary>The replica, by the name that the package gives it.</summary>
    public string ServerId => serverId;

    /// <summary>Sends a message. To a replica that has gone, nothing happens.</summary>
    public async Task TrySendAsync(ServiceMessage message)
    {
        var bytes = Protocol.GetMessageBytes(message);
        await _sending.WaitAsync();
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Its end is noticed where it is read from.
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>What it sends. Payloads are valid until the next message is asked for.</summary>
    public async IAsyncEnumerable<ServiceMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <summary>Ends it without a word.</summary>
    public void Abort() => socket.Abort();
}

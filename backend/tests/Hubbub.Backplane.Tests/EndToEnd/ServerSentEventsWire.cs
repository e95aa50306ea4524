using System.Runtime.CompilerServices;
using System.Text;

namespace Hubbub.Backplane.Tests.EndToEnd;

internal sealed class ServerSentEventsWire : PostedWire
{
    private StreamReader _events = StreamReader.Null;

    private ServerSentEventsWire(Uri connection)
        : base(connection)
    {
    }

    public static async Task<ServerSentEventsWire> ConnectAsync(Uri connection, CancellationToken cancellationToken)
    {
        var wire = new ServerSentEventsWire(connection);
        using var request = new HttpRequestMessage(HttpMethod.Get, connection) { Headers = { { "Accept", "text/event-stream" } } };
        var response = await wire.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        wire._events = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken));
        return wire;
    }

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string prefix = "data: ";
        while (await _events.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
                yield return Encoding.UTF8.GetBytes(line[prefix.Length..]);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _events.Dispose();
        return base.DisposeAsync();
    }
}

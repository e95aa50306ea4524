using System.Net;
using System.Runtime.CompilerServices;

namespace Hubbub.Backplane.Tests.EndToEnd;

internal sealed class LongPollingWire : PostedWire
{
    private LongPollingWire(Uri connection)
        : base(connection)
    {
    }

    public static async Task<LongPollingWire> ConnectAsync(Uri connection, CancellationToken cancellationToken)
    {
        var wire = new LongPollingWire(connection);
        using var first = await wire.Http.GetAsync(connection, cancellationToken);
        first.EnsureSuccessStatusCode();
        return wire;
    }

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await Http.GetAsync(Connection, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NoContent)
                yield break;
            yield return await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        // There is no socket whose end would tell the server.
        using var response = await Http.DeleteAsync(Connection);
        await base.DisposeAsync();
    }
}

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>One of SignalR's transports, seen from the client: bytes there and back.</summary>
internal interface IWire : IAsyncDisposable
{
    Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>What comes, in pieces of any size, until the connection ends.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);
}

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>What the transports without sockets have in common: each message of the client is a request of its own.</summary>
internal abstract class PostedWire(Uri connection) : IWire
{
    protected HttpClient Http { get; } = new() { Timeout = Timeout.InfiniteTimeSpan };

    protected Uri Connection => connection;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(bytes);
        using var response = await Http.PostAsync(connection, content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        Http.Dispose();
        return ValueTask.CompletedTask;
    }
}

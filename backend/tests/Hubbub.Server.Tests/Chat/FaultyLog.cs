using Hubbub.Backplane.Log;

namespace Hubbub.Server.Tests.Chat;

/// <summary>A replica's log, whose store can be taken away as far as appending goes.</summary>
internal sealed class FaultyLog(IMessageLog inner) : IMessageLog
{
    private bool _isAway;

    /// <summary>While true, nothing can be appended.</summary>
    public bool IsAway
    {
        get => Volatile.Read(ref _isAway);
        set => Volatile.Write(ref _isAway, value);
    }

    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken) => inner.OpenAsync(stream, cancellationToken);

    public ValueTask<LogExtent> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken) =>
        IsAway ? throw new MessageLogUnavailableException("Taken away by the test") : inner.AppendAsync(stream, batch, cancellationToken);

    public ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken) =>
        inner.ReadAsync(stream, after, maxRecords, cancellationToken);

    public ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken) => inner.TrimAsync(stream, upTo, cancellationToken);

    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken) =>
        inner.ReplaceEpochAsync(stream, expectedEpoch, cancellationToken);

    public IDisposable Subscribe(string stream, Action ring) => inner.Subscribe(stream, ring);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

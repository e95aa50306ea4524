using Hubbub.Backplane.Log;

namespace Hubbub.Server.Tests.Chat;

/// <summary>A replica's log, whose store can be taken away as far as appending goes, or be slow to read.</summary>
internal sealed class FaultyLog(IMessageLog inner) : IMessageLog
{
    private bool _isAway;
    private Task _mayRead = Task.CompletedTask;

    /// <summary>While true, nothing can be appended.</summary>
    public bool IsAway
    {
        get => Volatile.Read(ref _isAway);
        set => Volatile.Write(ref _isAway, value);
    }

    /// <summary>Reads wait until the result is disposed of.</summary>
    public IDisposable HoldReads()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _mayRead, released.Task);
        return new Hold(released);
    }

    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken) => inner.OpenAsync(stream, cancellationToken);

    public ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken) =>
        IsAway ? throw new MessageLogUnavailableException("Taken away by the test") : inner.AppendAsync(stream, batch, cancellationToken);

    public async ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken)
    {
        await Volatile.Read(ref _mayRead).WaitAsync(cancellationToken);
        return await inner.ReadAsync(stream, after, maxRecords, cancellationToken);
    }

    public ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken) => inner.TrimAsync(stream, upTo, cancellationToken);

    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken) =>
        inner.ReplaceEpochAsync(stream, expectedEpoch, cancellationToken);

    public IDisposable Subscribe(string stream, Action<LogNotice> ring) => inner.Subscribe(stream, ring);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Hold(TaskCompletionSource released) : IDisposable
    {
        public void Dispose() => released.TrySetResult();
    }
}

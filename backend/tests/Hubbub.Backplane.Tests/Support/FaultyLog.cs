using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>
/// A log, mostly in memory, that can be made to fail: for faults that a real store cannot be made to show at the wanted moment, such as an append
/// that is stored while its answer is lost.
/// </summary>
internal sealed class FaultyLog(IMessageLog inner) : IMessageLog
{
    private volatile IMessageLog _inner = inner;
    private volatile bool _isAway;
    private int _lostAnswers;
    private int _opens;

    /// <summary>While true every call fails.</summary>
    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>While true nobody hears that something was appended: readers are left to their poll.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>The number of opens tried.</summary>
    public int Opens => Volatile.Read(ref _opens);

    /// <summary>The number of appends tried.</summary>
    public int Appends { get; private set; }

    /// <summary>How many of the next appends are stored although the caller is told that they failed.</summary>
    public void LoseAnswers(int count) => _lostAnswers = count;

    /// <summary>The store forgets everything and begins anew, in another epoch and at the first offset.</summary>
    public void LoseEverything() => _inner = new InMemoryMessageLog();

    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opens);
        ThrowIfAway();
        return _inner.OpenAsync(stream, cancellationToken);
    }

    public async ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken)
    {
        Appends++;
        ThrowIfAway();
        var result = await _inner.AppendAsync(stream, batch, cancellationToken);
        if (Interlocked.Decrement(ref _lostAnswers) >= 0)
            throw new MessageLogUnavailableException("The answer was lost.");
        return result;
    }

    public ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return _inner.ReadAsync(stream, after, maxRecords, cancellationToken);
    }

    public ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken) => _inner.TrimAsync(stream, upTo, cancellationToken);

    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken) =>
        _inner.ReplaceEpochAsync(stream, expectedEpoch, cancellationToken);

    public IDisposable Subscribe(string stream, Action<LogNotice> ring)
    {
        ThrowIfAway();
        return _inner.Subscribe(stream, tail =>
        {
            if (!IsDeaf)
                ring(tail);
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfAway()
    {
        if (_isAway)
            throw new MessageLogUnavailableException("The store is away.");
    }
}

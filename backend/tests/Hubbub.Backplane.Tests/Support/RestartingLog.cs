using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>
/// A store whose server can be restarted at a chosen moment, with all that it had or with what it had some records ago, its knowledge of
/// producers included, and whose answers and notifications can be kept back.
/// </summary>
internal sealed class RestartingLog : IMessageLog
{
    private readonly Lock _gate = new();
    private readonly List<(byte[] Body, string Producer, long Sequence)> _records = [];
    private readonly List<Action<LogNotice>> _listeners = [];
    private string _epoch = LogExtent.NewEpoch();
    private int _starts = 1;
    private int _lostAnswers;

    /// <summary>The epoch now.</summary>
    public string Epoch
    {
        get
        {
            lock (_gate)
                return _epoch;
        }
    }

    /// <summary>Appends that came for another incarnation than the present one.</summary>
    public int Refused { get; private set; }

    public IReadOnlyList<byte[]> Bodies
    {
        get
        {
            lock (_gate)
                return [.. _records.Select(r => r.Body)];
        }
    }

    /// <summary>Another server process, on what was stored before the last records.</summary>
    public void Restart(int lost = 0)
    {
        lock (_gate)
        {
            _records.RemoveRange(_records.Count - lost, lost);
            _starts++;
        }
    }

    /// <summary>How many of the next appends are stored although the caller is told that they failed.</summary>
    public void LoseAnswers(int count) => _lostAnswers = count;

    /// <summary>Notifies as the process does that runs now.</summary>
    public LogNotice Notice(int count)
    {
        lock (_gate)
        {
            var entries = _records.Select((r, i) => new LogEntry(i + 1, r.Body)).TakeLast(count).ToList();
            return new LogNotice(_epoch, _records.Count, entries) { Incarnation = Extent.Incarnation };
        }
    }

    public void Notify(LogNotice notice) => _listeners.ForEach(listener => listener(notice));

    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken)
    {
        lock (_gate)
            return ValueTask.FromResult(Extent);
    }

    public ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var isRefused = batch.Incarnation.Length > 0 && batch.Incarnation != Extent.Incarnation;
            Refused += isRefused ? 1 : 0;
            if (isRefused || (batch.Epoch.Length > 0 && batch.Epoch != _epoch)
                || _records.Exists(r => r.Producer == batch.ProducerId && r.Sequence >= batch.Sequence))
            {
                return ValueTask.FromResult(new AppendResult(Extent, StoredAll: false));
            }

            _records.AddRange(batch.Records.Select(r => (r.Body.ToArray(), batch.ProducerId, batch.Sequence)));
            return Interlocked.Decrement(ref _lostAnswers) >= 0
                ? ValueTask.FromException<AppendResult>(new MessageLogUnavailableException("The answer was lost."))
                : ValueTask.FromResult(new AppendResult(Extent, StoredAll: true));
        }
    }

    public ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var entries = _records.Select((r, i) => new LogEntry(i + 1, r.Body)).Skip((int)after).Take(maxRecords).ToList();
            return ValueTask.FromResult(new LogSlice(Extent, entries));
        }
    }

    public ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_epoch == expectedEpoch)
                _epoch = LogExtent.NewEpoch();
            return ValueTask.FromResult(Extent);
        }
    }

    public IDisposable Subscribe(string stream, Action<LogNotice> notify)
    {
        _listeners.Add(notify);
        return new CancellationTokenSource();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private LogExtent Extent => new(_epoch, 1, _records.Count, $"start{_starts}");
}

using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>How a <see cref="TellingLog"/> tells what was appended.</summary>
internal enum Mistell
{
    Truly,
    Twice,
    Never,
    EveryOther,
    OfAnotherEpoch,
    Backwards,
    WithoutRecords,
    WithThoseBefore,
}

/// <summary>An in-memory log whose notices bring the records, as Redis' do, or bring them wrongly.</summary>
internal sealed class TellingLog : IMessageLog
{
    private readonly InMemoryMessageLog _inner = new();
    private readonly List<Action<LogNotice>> _bells = [];
    private LogNotice? _held;
    private TaskCompletionSource? _reading;
    private int _reads;
    private int _readsNow;
    private int _mostReads;
    private int _appends;

    public Mistell Mistell { get; set; }

    /// <summary>How often it was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>How many reads there are right now.</summary>
    public int ReadsNow => Volatile.Read(ref _readsNow);

    /// <summary>How many reads there ever were at a time.</summary>
    public int MostReads => Volatile.Read(ref _mostReads);

    public void HoldReads() => _reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseReads() => _reading?.TrySetResult();

    public void RingWith(LogNotice notice) => _bells.ForEach(ring => ring(notice));

    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken) => _inner.OpenAsync(stream, cancellationToken);

    public async ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken)
    {
        var before = (await _inner.OpenAsync(stream, cancellationToken)).Tail;
        var result = await _inner.AppendAsync(stream, batch, cancellationToken);
        var skipped = Mistell == Mistell.WithThoseBefore ? Math.Max(0, before - 2) : before;
        var slice = await _inner.ReadAsync(stream, skipped, 1000, cancellationToken);
        Tell(new LogNotice(result.Extent.Epoch, result.Extent.Tail, slice.Entries));
        return result;
    }

    public async ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        var now = Interlocked.Increment(ref _readsNow);
        for (var most = MostReads; now > most && Interlocked.CompareExchange(ref _mostReads, now, most) != most; most = MostReads)
        {
        }

        try
        {
            if (_reading is { } reading)
                await reading.Task.WaitAsync(cancellationToken);
            return await _inner.ReadAsync(stream, after, maxRecords, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _readsNow);
        }
    }

    public ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken) => _inner.TrimAsync(stream, upTo, cancellationToken);

    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken) =>
        _inner.ReplaceEpochAsync(stream, expectedEpoch, cancellationToken);

    public IDisposable Subscribe(string stream, Action<LogNotice> ring)
    {
        _bells.Add(ring);
        return _inner.Subscribe("nothing", _ => { });
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private void Tell(LogNotice notice)
    {
        _appends++;
        switch (Mistell)
        {
            case Mistell.Twice:
                RingWith(notice);
                RingWith(notice);
                break;
            case Mistell.Never:
                break;
            case Mistell.EveryOther when _appends % 2 == 0:
                break;
            case Mistell.OfAnotherEpoch:
                RingWith(notice with { Epoch = "another" });
                break;
            case Mistell.Backwards when _held is null:
                _held = notice;
                break;
            case Mistell.Backwards:
                RingWith(notice);
                RingWith(_held);
                _held = null;
                break;
            case Mistell.WithoutRecords:
                RingWith(LogNotice.UpTo(notice.Tail));
                break;
            default:
                RingWith(notice);
                break;
        }
    }
}

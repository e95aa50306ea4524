using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Reading;

/// <summary>
/// What was said of a stream while its reader was busy, in order, up to a bound: when more is said than that, all of it shrinks to "there may be
/// something to read".
/// </summary>
internal sealed class NoticeInbox : IDisposable
{
    private const int MaxNotices = 64;

    private readonly Lock _gate = new();
    private readonly Queue<LogNotice> _notices = new();
    private readonly SemaphoreSlim _some = new(0, 1);

    public void Add(LogNotice notice)
    {
        lock (_gate)
        {
            if (_notices.Count == MaxNotices)
            {
                _notices.Clear();
                notice = LogNotice.Unknown;
            }

            _notices.Enqueue(notice);
        }

        Wake();
    }

    /// <summary>Ends a wait, or the next one.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_some.CurrentCount == 0)
                _some.Release();
        }
    }

    /// <summary>Waits until there is a notice, or for <paramref name="longest"/>; the inbox may be found empty then.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => _some.WaitAsync(longest, cancellationToken);

    public bool TryTake(out LogNotice notice)
    {
        lock (_gate)
            return _notices.TryDequeue(out notice!);
    }

    public void Dispose() => _some.Dispose();
}

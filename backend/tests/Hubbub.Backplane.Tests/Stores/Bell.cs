using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Stores;

/// <summary>Counts its rings.</summary>
internal sealed class Bell
{
    private readonly Lock _gate = new();
    private readonly List<LogNotice> _notices = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>What was said, in that order.</summary>
    public IReadOnlyList<LogNotice> Notices
    {
        get
        {
            lock (_gate)
                return [.. _notices];
        }
    }

    /// <summary>What was said last.</summary>
    public LogNotice? Last
    {
        get
        {
            lock (_gate)
                return _notices.Count > 0 ? _notices[^1] : null;
        }
    }

    public void Ring(LogNotice notice)
    {
        lock (_gate)
            _notices.Add(notice);
        Interlocked.Increment(ref _count);
    }
}

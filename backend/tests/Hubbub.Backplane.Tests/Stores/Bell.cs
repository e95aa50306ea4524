namespace Hubbub.Backplane.Tests.Stores;

/// <summary>Counts its rings.</summary>
internal sealed class Bell
{
    private readonly Lock _gate = new();
    private int _count;
    private long _tail;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The highest tail told; 0 if none was.</summary>
    public long Tail => Volatile.Read(ref _tail);

    public void Ring(long tail)
    {
        lock (_gate)
            _tail = Math.Max(_tail, tail);
        Interlocked.Increment(ref _count);
    }
}

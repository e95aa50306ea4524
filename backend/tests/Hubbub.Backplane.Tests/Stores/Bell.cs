namespace Hubbub.Backplane.Tests.Stores;

/// <summary>Counts its rings.</summary>
internal sealed class Bell
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Ring() => Interlocked.Increment(ref _count);
}

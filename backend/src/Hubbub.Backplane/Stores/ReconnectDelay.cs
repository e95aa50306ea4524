namespace Hubbub.Backplane.Stores;

/// <summary>
/// How long to wait before the next attempt to connect: doubling from 50 ms to 2 s, of which a random half is waited or not, so that
/// the replicas of a cluster do not all come back in the same instant.
/// </summary>
internal sealed class ReconnectDelay
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _ceiling = Shortest;

    public TimeSpan Next()
    {
        // Not a secret, only a spread.
        var delay = _ceiling * (0.5 + (Random.Shared.NextDouble() / 2));
        _ceiling = _ceiling * 2 < Longest ? _ceiling * 2 : Longest;
        return delay;
    }

    public void Reset() => _ceiling = Shortest;
}

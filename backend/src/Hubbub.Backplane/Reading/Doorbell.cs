namespace Hubbub.Backplane.Reading;

/// <summary>Wakes one waiting reader. Any number of rings before it wakes count as one, with the highest tail of theirs.</summary>
internal sealed class Doorbell : IDisposable
{
    /// <summary>The tail of a ring that does not know it: there may be anything to read.</summary>
    public const long Unknown = long.MaxValue;

    private readonly SemaphoreSlim _rung = new(0, 1);
    private int _isRung;
    private long _tail;

    /// <param name="tail">How far the log goes; 0 if the ringer does not know.</param>
    public void Ring(long tail)
    {
        RaiseTo(tail == 0 ? Unknown : tail);
        if (Interlocked.Exchange(ref _isRung, 1) == 0)
            _rung.Release();
    }

    /// <summary>
    /// Completes at the next ring with the highest tail told since the last one, or with 0 after <paramref name="longest"/>. What was told already may
    /// be told by a ring that follows it; that one then brings 0.
    /// </summary>
    public async Task<long> WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (!await _rung.WaitAsync(longest, cancellationToken))
            return 0;

        // In this order: a ring in between is told by this wait, and wakes the next one for nothing.
        Volatile.Write(ref _isRung, 0);
        return Interlocked.Exchange(ref _tail, 0);
    }

    public void Dispose() => _rung.Dispose();

    private void RaiseTo(long tail)
    {
        for (var told = Volatile.Read(ref _tail); told < tail;)
        {
            var seen = Interlocked.CompareExchange(ref _tail, tail, told);
            if (seen == told)
                return;
            told = seen;
        }
    }
}

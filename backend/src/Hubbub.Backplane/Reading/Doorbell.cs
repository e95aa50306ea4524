namespace Hubbub.Backplane.Reading;

/// <summary>Wakes one waiting reader. Any number of rings before it wakes count as one.</summary>
internal sealed class Doorbell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);
    private int _isRung;

    public void Ring()
    {
        if (Interlocked.Exchange(ref _isRung, 1) == 0)
            _rung.Release();
    }

    /// <summary>Completes at the next ring, or after <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (await _rung.WaitAsync(longest, cancellationToken))
            Volatile.Write(ref _isRung, 0);
    }

    public void Dispose() => _rung.Dispose();
}

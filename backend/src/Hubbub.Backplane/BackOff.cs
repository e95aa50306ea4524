namespace Hubbub.Backplane;

/// <summary>Waits longer after each failure, with jitter so that replicas do not return to a store in step: 25 ms doubling to 1 s.</summary>
/// <param name="longest">Another longest wait than 1 s.</param>
internal sealed class BackOff(TimeSpan? longest = null)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(25);
    private readonly TimeSpan _longest = longest ?? TimeSpan.FromSeconds(1);
    private TimeSpan _next = First;

    public void Reset() => _next = First;

    /// <summary>Completes after the wait, or early when the token fires, without throwing.</summary>
    public async Task WaitAsync(TimeProvider time, CancellationToken cancellationToken)
    {
#pragma warning disable CA5394 // Jitter need not be unpredictable.
        var wait = _next * (0.5 + Random.Shared.NextDouble() / 2);
#pragma warning restore CA5394
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

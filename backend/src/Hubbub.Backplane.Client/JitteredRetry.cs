using Microsoft.AspNetCore.SignalR.Client;

namespace Hubbub.Backplane.Client;

/// <summary>
/// Tries for as long as it takes. The first pause is all but none, with just enough jitter that the clients of a dead replica do not arrive in the same
/// millisecond; the next two are within half a second; then they double up to a longest one, half of each at random.
/// </summary>
internal sealed class JitteredRetry(TimeSpan longest) : IRetryPolicy
{
    private const int Quick = 3;

    public TimeSpan? NextRetryDelay(RetryContext retryContext)
    {
#pragma warning disable CA5394 // Nobody gains by guessing it.
        var random = Random.Shared.NextDouble();
#pragma warning restore CA5394
        if (retryContext.PreviousRetryCount == 0)
            return TimeSpan.FromMilliseconds(100) * random;
        if (retryContext.PreviousRetryCount < Quick)
            return TimeSpan.FromMilliseconds(500) * random;

        // Beyond some thirty doublings the longest pause is reached whatever it is.
        var doubled = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(30, retryContext.PreviousRetryCount - Quick)));
        return (doubled < longest ? doubled : longest) * ((1 + random) / 2);
    }
}

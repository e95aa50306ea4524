using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;

namespace Hubbub.Server.Platform;

/// <summary>A token bucket.</summary>
internal sealed class RateOptions
{
    /// <summary>How many may come at once.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; }

    /// <summary>How many a second may go on coming.</summary>
    [Range(0.001, 1_000_000)]
    public double PerSecond { get; set; }

    /// <summary>A bucket for each key. One that has been full and unused for a while is dropped by the limiter itself.</summary>
    public PartitionedRateLimiter<TKey> Buckets<TKey>()
        where TKey : notnull
    {
        var step = Math.Max(1, (int)(PerSecond / 10));
        return PartitionedRateLimiter.Create<TKey, TKey>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = step,
            ReplenishmentPeriod = TimeSpan.FromSeconds(step / PerSecond),
            QueueLimit = 0,
        }));
    }
}

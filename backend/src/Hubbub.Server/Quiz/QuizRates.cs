using System.Threading.RateLimiting;
using Hubbub.Server.Platform;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Quiz;

/// <summary>How fast people may answer, on this replica.</summary>
internal sealed class QuizRates(IOptions<QuizOptions> options) : IAsyncDisposable
{
    // A partition that has been full and unused for a while is dropped by the limiter itself.
    private readonly PartitionedRateLimiter<Guid> _answers = PartitionedRateLimiter.Create<Guid, Guid>(
        user => RateLimitPartition.GetTokenBucketLimiter(user, _ => Bucket(options.Value.AnswersPerUser)));

    /// <summary>Takes the right to answer once; null if it is granted.</summary>
    public QuizError? TakeAnswer(Guid userId)
    {
        using var lease = _answers.AttemptAcquire(userId);
        if (lease.IsAcquired)
            return null;
        return QuizError.TooFast(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _answers.DisposeAsync();

    private static TokenBucketRateLimiterOptions Bucket(RateOptions rate)
    {
        var step = Math.Max(1, (int)(rate.PerSecond / 10));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate.Burst,
            TokensPerPeriod = step,
            ReplenishmentPeriod = TimeSpan.FromSeconds(step / rate.PerSecond),
            QueueLimit = 0,
        };
    }
}

using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Quiz;

/// <summary>How fast people may answer, on this replica.</summary>
internal sealed class QuizRates(IOptions<QuizOptions> options) : IAsyncDisposable
{
    private readonly PartitionedRateLimiter<Guid> _answers = options.Value.AnswersPerUser.Buckets<Guid>();

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
}

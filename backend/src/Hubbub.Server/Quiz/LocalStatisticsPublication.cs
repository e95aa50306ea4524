namespace Hubbub.Server.Quiz;

/// <summary>
/// Where replicas do not reach each other's connections: each one publishes to its own, when answers have been counted on it. Numbers that
/// others counted are in what it publishes then, and not before.
/// </summary>
internal sealed class LocalStatisticsPublication(TimeProvider time) : IStatisticsPublication
{
    private readonly Lock _gate = new();
    private long _answered;
    private long _claimed;
    private long _published;
    private long _upTo;
    private long _shown;
    private (long Since, TimeSpan For) _pause;

    /// <inheritdoc />
    public void Answered()
    {
        lock (_gate)
            _answered++;
    }

    /// <inheritdoc />
    public Task<PublicationTurn> ClaimAsync(Guid claim, TimeSpan hold, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_published == _answered)
                return Task.FromResult(new PublicationTurn("nothing", default, null));
            if (_pause.For - time.GetElapsedTime(_pause.Since) is { Ticks: > 0 } rest)
                return Task.FromResult(new PublicationTurn("wait", rest, null));

            _claimed = _answered;
            return Task.FromResult(new PublicationTurn("claimed", default, _upTo));
        }
    }

    /// <inheritdoc />
    public Task ToldAsync(Guid claim, long after, StatisticsNews news, TimeSpan pause, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // What did not fit is for the next update, which is due although nobody answers.
            if (news.UpTo == news.Update.Version)
                _published = _claimed;
            _upTo = news.UpTo;
            _shown = Math.Max(_shown, news.Update.Version);
            _pause = (time.GetTimestamp(), pause);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<bool> IsPastAsync(long version, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_shown > version || _published != _answered);
    }
}

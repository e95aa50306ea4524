using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>
/// The log's operations as Redis does them, each atomic. The arguments have been checked. All of them throw
/// <see cref="MessageLogUnavailableException"/> when the server cannot be reached, did not answer in time, or cannot do it now.
/// </summary>
internal interface IRedisServer : IAsyncDisposable
{
    ValueTask<LogExtent> OpenAsync(RedisKeys keys, CancellationToken cancellationToken);

    ValueTask<AppendResult> AppendAsync(RedisKeys keys, AppendBatch batch, CancellationToken cancellationToken);

    ValueTask<LogSlice> ReadAsync(RedisKeys keys, long after, int maxRecords, CancellationToken cancellationToken);

    /// <summary>Removes the oldest records up to an offset, a limited number of them. True if there are more.</summary>
    ValueTask<bool> TrimAsync(RedisKeys keys, long upTo, CancellationToken cancellationToken);

    ValueTask<LogExtent> ReplaceEpochAsync(RedisKeys keys, string expectedEpoch, CancellationToken cancellationToken);

    /// <summary>
    /// Calls <paramref name="notify"/> for each append that it is told of, and with <see cref="LogNotice.Unknown"/> after each time that
    /// listening has begun, since what came before that is lost. One call at a time, in order.
    /// </summary>
    IDisposable Subscribe(RedisKeys keys, Action<LogNotice> notify);
}

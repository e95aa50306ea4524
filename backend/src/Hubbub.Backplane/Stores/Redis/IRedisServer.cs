using Hubbub.Backplane.Stores.Redis.Resp;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>All that the log wants of a Redis server, so that another client can take the place of ours.</summary>
internal interface IRedisServer : IAsyncDisposable
{
    /// <summary>Runs a script, atomically as Redis does.</summary>
    /// <exception cref="Log.MessageLogUnavailableException">The server cannot be reached, did not answer in time, or cannot do it
    /// now.</exception>
    /// <exception cref="RedisServerException">The server has refused the command.</exception>
    ValueTask<RespValue> EvaluateAsync(
        RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<RedisArgument> arguments, CancellationToken cancellationToken);

    /// <summary>
    /// Calls <paramref name="ring"/> with each message on a channel (a name, never a pattern), and once with nothing after each time that listening has
    /// begun, since messages before that are lost.
    /// </summary>
    IDisposable Subscribe(string channel, Action<ReadOnlyMemory<byte>> ring);
}

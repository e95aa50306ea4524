using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>
/// A Redis server (6.2 or newer, not a cluster) reached by our own client: RESP2, one connection for commands and one for subscriptions.
/// </summary>
internal sealed class RespRedisServer(RedisLogOptions options, TimeProvider time, ILogger logger) : IRedisServer
{
    /// <summary>
    /// What a server says that cannot do it now: it loads its data, has no memory or disk, is a replica, or does not know us.
    /// </summary>
    private static readonly string[] TemporaryErrors =
    [
        "LOADING", "BUSY", "OOM", "MISCONF", "READONLY", "MASTERDOWN", "NOREPLICAS", "TRYAGAIN", "CLUSTERDOWN", "NOAUTH", "UNKILLABLE",
    ];

    private readonly RespClient _client = new(options, time, logger);
    private readonly RespSubscriber _subscriber = new(options, time, logger);

    /// <inheritdoc />
    public async ValueTask<RespValue> EvaluateAsync(
        RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<RedisArgument> arguments, CancellationToken cancellationToken)
    {
        var connection = await _client.GetConnectionAsync(cancellationToken);
        var reply = await connection.ExecuteAsync(
            output => RespWriter.WriteEvaluate(output, "EVALSHA", script.Digest, keys, arguments), options.CommandTimeout, cancellationToken);

        // The server keeps scripts until it restarts or is told to forget them.
        if (reply.Error is { } missing && missing.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            reply = await connection.ExecuteAsync(
                output => RespWriter.WriteEvaluate(output, "EVAL", script.Text, keys, arguments), options.CommandTimeout, cancellationToken);
        }

        if (reply.Error is not { } error)
            return reply;
        if (!IsTemporary(error))
            throw new RedisServerException(error);

        // After a fail-over the name may already lead to another server, and a new password wants a new sign-in.
        if (error.StartsWith("READONLY", StringComparison.Ordinal) || error.StartsWith("NOAUTH", StringComparison.Ordinal))
            await connection.DisposeAsync();
        throw new MessageLogUnavailableException("Redis cannot do it now: " + error);
    }

    /// <inheritdoc />
    public IDisposable Subscribe(string channel, Action<ReadOnlyMemory<byte>> ring) => _subscriber.Subscribe(channel, ring);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _subscriber.DisposeAsync();
        await _client.DisposeAsync();
    }

    /// <summary>Redis 6 wraps what a script ran into: <c>ERR Error running script (…): @user_script:1: -OOM …</c>.</summary>
    private static bool IsTemporary(string error) => Array.Exists(
        TemporaryErrors,
        code => error.StartsWith(code + " ", StringComparison.Ordinal)
            || (error.StartsWith("ERR Error running script", StringComparison.Ordinal) && error.Contains(" -" + code + " ", StringComparison.Ordinal)));
}

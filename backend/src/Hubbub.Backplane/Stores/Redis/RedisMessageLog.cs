using System.Collections.Concurrent;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.Redis.Resp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>The log in Redis 6.2 or newer: a Redis stream per stream, one script an append, one a read.</summary>
/// <remarks>
/// <para>What an append that has returned is worth is decided by the server's settings:</para>
/// <list type="bullet">
/// <item>no append-only file: a restart or crash loses what came after the last snapshot, perhaps all;</item>
/// <item><c>appendfsync everysec</c>: a crash of the machine loses up to about a second, a crash of the process nothing;</item>
/// <item><c>appendfsync always</c>: nothing is lost on a sound disk, and appends are slower;</item>
/// <item>fail-over to a replica: what had not reached it is lost, without a bound, whatever the settings above.</item>
/// </list>
/// <para>What is lost is never lost silently: since nothing tells whether a restarted server has everything, a stream begins a new
/// epoch whenever another server process holds it (unless <see cref="RedisLogOptions.RestartLosesNothing"/> is set), and when a part of
/// it is
/// missing. Not noticed is a server that lost data and kept its process, as with DEBUG RELOAD of an old file.</para>
/// <para>The server must not evict (<c>maxmemory-policy noeviction</c>): losing a part of a stream costs its records and its epoch.
/// The user needs the commands EVAL, EVALSHA, INFO, PING, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, DEL, UNLINK, TIME and those of hashes,
/// streams and sorted sets, on keys and
/// channels that begin with the prefix. Redis Cluster is not supported by the client, though the keys of a stream share a hash tag.</para>
/// </remarks>
internal sealed class RedisMessageLog : IMessageLog
{
    /// <summary>Above this a double, which is what Lua and sorted sets count with, no longer tells neighbours apart.</summary>
    private const long MaxOffset = 1L << 53;

    private const int TrimRecords = 10_000;

    private readonly IRedisServer _redis;
    private readonly RedisLogOptions _options;
    private readonly ConcurrentDictionary<string, RedisKeys> _keys = new(StringComparer.Ordinal);

    public RedisMessageLog(IOptions<RedisLogOptions> options, TimeProvider time, ILogger<RedisMessageLog> logger)
        : this(options.Value, new RespRedisServer(options.Value, time, logger))
    {
    }

    internal RedisMessageLog(RedisLogOptions options, IRedisServer redis)
    {
        _options = options;
        _redis = redis;
    }

    /// <inheritdoc />
    public async ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken) =>
        Extent(await EvaluateAsync(RedisScripts.Open, stream, [], cancellationToken));

    /// <inheritdoc />
    public async ValueTask<LogExtent> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken)
    {
        LogArguments.CheckBatch(batch);
        var keys = Keys(stream);
        var arguments = new RedisArgument[6 + (2 * batch.Records.Count)];
        var next = Begin(arguments);
        arguments[next++] = keys.Bell;
        arguments[next++] = batch.ProducerId;
        arguments[next++] = batch.Sequence;
        arguments[next++] = batch.Epoch;
        for (var i = 0; i < batch.Records.Count; i++)
        {
            var record = batch.Records[i];
            arguments[next++] = record.Body;
            arguments[next++] = record.Key ?? "";
        }

        return Extent(await _redis.EvaluateAsync(RedisScripts.Append, keys.All, arguments, cancellationToken));
    }

    /// <inheritdoc />
    public async ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken)
    {
        maxRecords = LogArguments.CheckMaxRecords(maxRecords);
        var reply = await EvaluateAsync(
            RedisScripts.Read, stream, [Math.Clamp(after, 0, MaxOffset), maxRecords, LogArguments.MaxReadBytes], cancellationToken);

        var items = reply.AsArray();
        if (items.Length < 4)
            throw new RespProtocolException("Redis has answered a read with too little.");
        var start = items[3].AsInteger();
        var entries = new LogEntry[items.Length - 4];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new LogEntry(start + i, items[4 + i].AsBytes());
        return new LogSlice(Extent(reply), entries);
    }

    /// <inheritdoc />
    public async ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken)
    {
        RedisArgument[] arguments = [Math.Clamp(upTo, 0, MaxOffset), TrimRecords, (long)_options.ProducerLifetime.TotalSeconds];
        while ((await EvaluateAsync(RedisScripts.Trim, stream, arguments, cancellationToken)).AsInteger() == 1)
        {
            // In steps, since nobody else is served while a script runs.
        }
    }

    /// <inheritdoc />
    public async ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken) =>
        Extent(await EvaluateAsync(RedisScripts.ReplaceEpoch, stream, [expectedEpoch], cancellationToken));

    /// <inheritdoc />
    public IDisposable Subscribe(string stream, Action<LogNotice> ring) =>
        _redis.Subscribe(Keys(stream).Bell, message => ring(RedisNotice.Read(message)));

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    private ValueTask<RespValue> EvaluateAsync(
        RedisScript script, string stream, ReadOnlySpan<RedisArgument> arguments, CancellationToken cancellationToken)
    {
        var all = new RedisArgument[2 + arguments.Length];
        arguments.CopyTo(all.AsSpan(Begin(all)));
        return _redis.EvaluateAsync(script, Keys(stream).All, all, cancellationToken);
    }

    /// <summary>Writes what every script begins with; returns the index of the next argument.</summary>
    private int Begin(RedisArgument[] arguments)
    {
        arguments[0] = LogExtent.NewEpoch();
        arguments[1] = _options.RestartLosesNothing ? 1 : 0;
        return 2;
    }

    private RedisKeys Keys(string stream)
    {
        if (_keys.TryGetValue(stream, out var keys))
            return keys;
        LogArguments.CheckStream(stream);
        return _keys.GetOrAdd(stream, static (name, prefix) => new RedisKeys(prefix, name), _options.KeyPrefix);
    }

    private static LogExtent Extent(RespValue reply) => reply.AsArray() is [var epoch, var first, var tail, ..]
        ? new LogExtent(epoch.AsText(), first.AsInteger(), tail.AsInteger())
        : throw new RespProtocolException("Redis has answered a script of the log with too little.");
}

using System.Collections.Concurrent;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>The log in Redis 6.2 or newer, alone, with Sentinel or as a cluster: a Redis stream per stream, one script an append, one a read.</summary>
/// <remarks>
/// <para>What an append that has returned is worth is decided by the server's settings:</para>
/// <list type="bullet">
/// <item>no append-only file: a restart or crash loses what came after the last snapshot, perhaps all;</item>
/// <item><c>appendfsync everysec</c>: a crash of the machine loses up to about a second, a crash of the process nothing;</item>
/// <item><c>appendfsync always</c>: nothing is lost on a sound disk, and appends are slower;</item>
/// <item>fail-over to a replica: what had not reached it is lost, without a bound, whatever the settings above.</item>
/// </list>
/// <para>What is lost is never lost silently. Every answer names the server process it comes from (<see cref="LogExtent.Incarnation"/>), an
/// append is for one process only, and each replica compares what it knows before it goes on with another one (<see cref="StreamLife"/>).
/// A stream of which a part is missing begins a new epoch at once. Not noticed by replicas, though by cursors, is a server that lost data and
/// kept its process, as with DEBUG RELOAD of an old file.</para>
/// <para>The server must not evict (<c>maxmemory-policy noeviction</c>): losing a part of a stream costs its records and its epoch.</para>
/// </remarks>
internal sealed class RedisMessageLog(IRedisServer redis, string keyPrefix) : IMessageLog
{
    /// <summary>Above this a double, which is what Lua and sorted sets count with, no longer tells neighbours apart.</summary>
    private const long MaxOffset = 1L << 53;

    private readonly ConcurrentDictionary<string, RedisKeys> _keys = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken) => redis.OpenAsync(Keys(stream), cancellationToken);

    /// <inheritdoc />
    public ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken)
    {
        LogArguments.CheckBatch(batch);
        return redis.AppendAsync(Keys(stream), batch, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken) =>
        redis.ReadAsync(Keys(stream), Math.Clamp(after, 0, MaxOffset), LogArguments.CheckMaxRecords(maxRecords), cancellationToken);

    /// <inheritdoc />
    public async ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken)
    {
        while (await redis.TrimAsync(Keys(stream), Math.Clamp(upTo, 0, MaxOffset), cancellationToken))
        {
            // In steps, since nobody else is served while a script runs.
        }
    }

    /// <inheritdoc />
    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken) =>
        redis.ReplaceEpochAsync(Keys(stream), expectedEpoch, cancellationToken);

    /// <inheritdoc />
    public IDisposable Subscribe(string stream, Action<LogNotice> notify) => redis.Subscribe(Keys(stream), notify);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => redis.DisposeAsync();

    private RedisKeys Keys(string stream)
    {
        if (_keys.TryGetValue(stream, out var keys))
            return keys;
        LogArguments.CheckStream(stream);
        return _keys.GetOrAdd(stream, static (name, prefix) => new RedisKeys(prefix, name), keyPrefix);
    }
}

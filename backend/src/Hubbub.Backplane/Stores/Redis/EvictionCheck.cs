using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>
/// Warns, once, if the server may remove keys when its memory is full. The log would lose records then, over and over, where a server that
/// does not evict refuses appends until there is room.
/// </summary>
internal sealed partial class EvictionCheck(ILogger logger)
{
    private int _isDone;

    /// <summary>Never throws; one that could not ask is to be repeated.</summary>
    public async Task RunAsync(IConnectionMultiplexer multiplexer)
    {
        if (Interlocked.Exchange(ref _isDone, 1) == 1)
            return;
        try
        {
            // Within a script: StackExchange.Redis takes INFO for a command of administrators, which it is not.
            var info = await multiplexer.GetDatabase().ScriptEvaluateAsync("return redis.call('INFO', 'memory')", [], [], CommandFlags.NoScriptCache);
            var policy = PolicyIn((string?)info ?? "");
            if (policy is not (null or "noeviction"))
                Log.MayEvict(logger, policy);
        }
        catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException)
        {
            Volatile.Write(ref _isDone, 0);
            Log.NotChecked(logger, e);
        }
    }

    /// <summary>Null where the server does not say it.</summary>
    internal static string? PolicyIn(string info)
    {
        const string name = "maxmemory_policy:";
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return line[name.Length..];
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Redis has maxmemory-policy {Policy}: when its memory is full it removes messages that were accepted. Set it to noeviction", EventName = "RedisMayEvict")]
        public static partial void MayEvict(ILogger logger, string policy);

        [LoggerMessage(2, LogLevel.Debug, "Whether Redis evicts could not be asked", EventName = "RedisEvictionNotChecked")]
        public static partial void NotChecked(ILogger logger, Exception exception);
    }
}

using Hubbub.Backplane.Stores.Redis;
using Hubbub.Backplane.Tests.Support;
using StackExchange.Redis;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>A key prefix of its own for a class of tests on a shared server; its keys are deleted at the end.</summary>
public sealed class RedisKeyspace : IAsyncLifetime
{
    private readonly string _prefix = "hubbub-test-" + Guid.NewGuid().ToString("n")[..12] + ":";

    /// <summary>Put before each of its keys.</summary>
    internal string Prefix => _prefix;

    internal RedisMessageLog CreateLog()
    {
        var options = new RedisLogOptions { KeyPrefix = _prefix, CommandTimeout = Eventually.Limit };
        options.UseConnectionString(Requirement.Redis);
        return RedisProcess.CreateLog(options);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HUBBUB_TEST_REDIS")))
            return;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(RedisConnectionString.Parse(Requirement.Redis));
        await redis.GetDatabase().ScriptEvaluateAsync(
            "for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do redis.call('UNLINK', key) end", [], [_prefix]);
    }
}

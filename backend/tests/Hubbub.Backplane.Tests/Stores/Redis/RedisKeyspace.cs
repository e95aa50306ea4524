using Hubbub.Backplane.Stores.Redis;
using Hubbub.Backplane.Stores.Redis.Resp;
using Hubbub.Backplane.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>A key prefix of its own for a class of tests on a shared server; its keys are deleted at the end.</summary>
public sealed class RedisKeyspace : IAsyncLifetime
{
    private readonly string _prefix = "hubbub-test-" + Guid.NewGuid().ToString("n")[..12] + ":";

    /// <summary>Put before each of its keys.</summary>
    internal string Prefix => _prefix;

    internal RedisMessageLog CreateLog()
    {
        var options = new RedisLogOptions { KeyPrefix = _prefix, CommandTimeout = Eventually.Limit, ConnectTimeout = Eventually.Limit };
        options.UseConnectionString(Requirement.Redis);
        return new RedisMessageLog(options, new RespRedisServer(options, TimeProvider.System, NullLogger.Instance));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HUBBUB_TEST_REDIS")))
            return;
        var options = new RedisLogOptions();
        options.UseConnectionString(Requirement.Redis);
        await using var server = new RespRedisServer(options, TimeProvider.System, NullLogger.Instance);
        var deleteAll = new RedisScript("for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do redis.call('UNLINK', key) end");
        await server.EvaluateAsync(deleteAll, [], [_prefix], CancellationToken.None);
    }
}

using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Hubbub.Server.Platform;

/// <summary>Microsoft's Redis backplane, over one connection that the health check shares.</summary>
internal static class MicrosoftRedis
{
    // Other applications, and Hubbub's own log, may use the same server.
    private const string ChannelPrefix = "hubbub";
    private const int RetryMilliseconds = 500;

    /// <summary>Registers it for all hubs.</summary>
    /// <param name="signalR">Where the hubs are registered.</param>
    /// <param name="configuration">Where Redis is; changed to what the backplane needs.</param>
    public static void AddMicrosoftRedis(this ISignalRServerBuilder signalR, ConfigurationOptions configuration)
    {
        Prepare(configuration);
        signalR.Services.TryAddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(configuration));
        signalR.AddStackExchangeRedis();
        signalR.Services.AddOptions<RedisOptions>().Configure<IConnectionMultiplexer>((options, redis) =>
        {
            options.Configuration = configuration;
            options.ConnectionFactory = _ => Task.FromResult(redis);
        });
        signalR.Services.AddHealthChecks().AddCheck<RedisHealth>("backplane", tags: ["ready"], timeout: RedisHealth.Patience);
    }

    /// <summary>Whether an exception means that Redis could not be reached.</summary>
    public static bool IsAway(Exception e) => e is RedisException or RedisTimeoutException;

    private static void Prepare(ConfigurationOptions configuration)
    {
        // A replica that finds no Redis at its start is not ready, as one that loses it later.
        configuration.AbortOnConnectFail = false;
        configuration.ReconnectRetryPolicy = new LinearRetry(RetryMilliseconds);
        if (configuration.ChannelPrefix.IsNullOrEmpty)
            configuration.ChannelPrefix = RedisChannel.Literal(ChannelPrefix);
        configuration.ClientName ??= ChannelPrefix;
    }
}

/// <summary>Whether Redis answers, on the connection that sends and on the one that receives.</summary>
internal sealed class RedisHealth(IConnectionMultiplexer redis) : IHealthCheck
{
    /// <summary>How long both may take together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.WhenAll(redis.GetDatabase().PingAsync(), redis.GetSubscriber().PingAsync()).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (MicrosoftRedis.IsAway(e))
        {
            return HealthCheckResult.Unhealthy("Redis does not answer.");
        }
    }
}

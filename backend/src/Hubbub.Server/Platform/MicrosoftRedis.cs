using Hubbub.Server.Data;
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
    /// <param name="connectionString">As StackExchange.Redis reads it.</param>
    /// <exception cref="StartException">It is not a connection string.</exception>
    public static void AddMicrosoftRedis(this ISignalRServerBuilder signalR, string connectionString)
    {
        var configuration = Parse(connectionString);
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

    private static ConfigurationOptions Parse(string connectionString)
    {
        try
        {
            var configuration = ConfigurationOptions.Parse(connectionString);
            if (configuration.EndPoints.Count == 0)
                throw new StartException("ConnectionStrings__Redis names no server: set it to host:port of a Redis server");

            // A replica that finds no Redis at its start is not ready, as one that loses it later.
            configuration.AbortOnConnectFail = false;
            configuration.ReconnectRetryPolicy = new LinearRetry(RetryMilliseconds);
            if (configuration.ChannelPrefix.IsNullOrEmpty)
                configuration.ChannelPrefix = RedisChannel.Literal(ChannelPrefix);
            configuration.ClientName ??= ChannelPrefix;
            return configuration;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            // What cannot be read may be the rest of a password with a comma in it, and the exception repeats it.
            throw new StartException("ConnectionStrings__Redis is not a connection string of a Redis server", e);
        }
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

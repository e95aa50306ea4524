using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Stores.Postgres;
using Hubbub.Backplane.Stores.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace Hubbub.Backplane.Stores;

/// <summary>Chooses the store of the log. Each method registers one <see cref="IMessageLog"/>; the last one called counts.</summary>
public static class MessageLogRegistration
{
    /// <summary>The log of one process, for one replica.</summary>
    public static IServiceCollection AddInMemoryMessageLog(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<IMessageLog>(provider =>
            new InMemoryMessageLog(provider.GetRequiredService<TimeProvider>(), provider.GetService<ILogger<InMemoryMessageLog>>()));
    }

    /// <summary>The log in PostgreSQL 14 or newer.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="source">
    /// Where connections come from: direct ones, or those of a pooler in session mode. It is not disposed by the log. One connection is
    /// kept
    /// for the doorbell.
    /// </param>
    /// <param name="configure">Changes the settings; they are validated when the host starts.</param>
    public static IServiceCollection AddPostgresMessageLog(
        this IServiceCollection services, Func<IServiceProvider, NpgsqlDataSource> source, Action<PostgresLogOptions>? configure = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<PostgresLogOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<IMessageLog>(provider => new PostgresMessageLog(
            source(provider),
            provider.GetRequiredService<IOptions<PostgresLogOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresMessageLog>>()));
    }

    /// <summary>The log in Redis 6.2 or newer, alone, with Sentinel or as a cluster.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">
    /// Says where it is, most easily with <see cref="RedisLogOptions.UseConnectionString"/>; the settings are validated when the host starts.
    /// Without it, the <see cref="IConnectionMultiplexer"/> that is registered as a service is used and not disposed.
    /// </param>
    public static IServiceCollection AddRedisMessageLog(this IServiceCollection services, Action<RedisLogOptions>? configure = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<RedisLogOptions>()
            .Configure(configure ?? (_ => { }))
            .ValidateDataAnnotations()
            .Validate<IServiceProviderIsService>(
                (options, registered) => options.Configuration is not null || options.ConnectionFactory is not null
                    || registered.IsService(typeof(IConnectionMultiplexer)),
                $"The log in Redis has no server: set {nameof(RedisLogOptions.Configuration)}, or register an {nameof(IConnectionMultiplexer)}.")
            .ValidateOnStart();
        return services.AddSingleton<IMessageLog>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<RedisLogOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            var logger = provider.GetRequiredService<ILogger<RedisMessageLog>>();
            var connection = new RedisConnection(options, provider.GetService<IConnectionMultiplexer>(), time, logger);
            return new RedisMessageLog(new StackExchangeServer(options, connection, time, logger), options.KeyPrefix);
        });
    }
}

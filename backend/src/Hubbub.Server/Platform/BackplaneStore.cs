using Hubbub.Backplane;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Stores;
using Hubbub.Backplane.Stores.Redis;
using Hubbub.Server.Data;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using StackExchange.Redis;

namespace Hubbub.Server.Platform;

/// <summary>The backplane that <c>Backplane:Store</c> names.</summary>
internal static class BackplaneStore
{
    private const string RedisConnectionName = "Redis";

    /// <summary>Registers it, and the <see cref="BackplaneChoice"/> for those who behave differently with one or the other.</summary>
    /// <exception cref="StartException">The choice is unknown, or its address is missing or wrong.</exception>
    public static void AddBackplane(this IHostApplicationBuilder builder, ISignalRServerBuilder signalR)
    {
        var choice = BackplaneChoices.Read(builder.Configuration);
        builder.Services.AddSingleton(new ChosenBackplane(choice));
        switch (choice)
        {
            case BackplaneChoice.Postgres:
                builder.AddLog(signalR);
                builder.Services.AddPostgresMessageLog(services => services.GetRequiredService<NpgsqlDataSource>());
                break;
            case BackplaneChoice.Redis:
                var configuration = RedisConfiguration(builder.Configuration);
                builder.AddLog(signalR);
                builder.Services.AddRedisMessageLog(redis => redis.Configuration = configuration);
                break;
            case BackplaneChoice.InMemory:
                builder.AddLog(signalR);
                builder.Services.AddInMemoryMessageLog();
                break;
            case BackplaneChoice.Microsoft:
                signalR.AddMicrosoftRedis(RedisConfiguration(builder.Configuration));
                signalR.AddWithoutLog(choice, new LoglessBackplane(typeof(RedisHubLifetimeManager<>), MicrosoftRedis.IsAway));
                break;
            case BackplaneChoice.None:
                signalR.AddWithoutLog(choice, new LoglessBackplane(typeof(DefaultHubLifetimeManager<>), _ => false));
                break;
            case BackplaneChoice.Azure:
                signalR.AddWithoutLog(choice, signalR.AddAzure(builder.Configuration));
                break;
        }
    }

    private static void AddLog(this IHostApplicationBuilder builder, ISignalRServerBuilder signalR)
    {
        builder.Services.AddOptions<BackplaneOptions>().BindConfiguration("Backplane");
        signalR.AddLogBackplane();
        builder.Services.AddHealthChecks().AddCheck<BackplaneHealthCheck>("backplane", tags: ["ready"]);
    }

    private static void AddWithoutLog(this ISignalRServerBuilder signalR, BackplaneChoice choice, LoglessBackplane backplane)
    {
        var services = signalR.Services;
        services.AddSingleton(backplane);
        services.Replace(ServiceDescriptor.Singleton(typeof(HubLifetimeManager<>), typeof(LoglessManager<>)));
        services.AddSingleton(typeof(ILogPosition<>), typeof(NoLogPosition<>));
        services.Configure<HubOptions>(hub => hub.AddFilter(new NoResume(choice)));
    }

    private static ConfigurationOptions RedisConfiguration(IConfiguration configuration)
    {
        if (configuration.GetConnectionString(RedisConnectionName) is not { Length: > 0 } connection)
            throw new StartException($"No Redis: set ConnectionStrings__{RedisConnectionName} to host:port of a Redis server");
        try
        {
            return RedisConnectionString.Parse(connection);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new StartException($"ConnectionStrings__{RedisConnectionName} is not a connection string of a Redis server: {e.Message}", e);
        }
    }
}

using Hubbub.Backplane;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Stores;
using Hubbub.Server.Data;
using Microsoft.AspNetCore.SignalR;
using Npgsql;

namespace Hubbub.Server.Platform;

/// <summary>The backplane, and the store behind it that <c>Backplane:Store</c> names: <c>Postgres</c> (the default), <c>Redis</c> or <c>InMemory</c>.</summary>
internal static class BackplaneStore
{
    private const string RedisConnectionName = "Redis";

    /// <exception cref="StartException">The store is unknown, or its address is missing or wrong.</exception>
    public static void AddBackplane(this IHostApplicationBuilder builder, ISignalRServerBuilder signalR)
    {
#if MICROSOFT_REDIS_BACKPLANE
        // The build flavour -p:RedisBackplane=Microsoft: publish/subscribe, without order across channels, replay or resume.
        signalR.AddStackExchangeRedis(RedisConnection(builder.Configuration));
        builder.Services.AddSingleton(typeof(ILogPosition<>), typeof(NoLogPosition<>));
#else
        builder.Services.AddOptions<BackplaneOptions>().BindConfiguration("Backplane");
        signalR.AddLogBackplane();
        builder.Services.AddHealthChecks().AddCheck<BackplaneHealthCheck>("backplane", tags: ["ready"]);
        switch (builder.Configuration["Backplane:Store"])
        {
            case null or "" or "Postgres":
                builder.Services.AddPostgresMessageLog(services => services.GetRequiredService<NpgsqlDataSource>());
                break;
            case "Redis":
                var connection = RedisConnection(builder.Configuration);
                builder.Services.AddRedisMessageLog(redis => redis.UseConnectionString(connection));
                break;
            case "InMemory":
                builder.Services.AddInMemoryMessageLog();
                break;
            case var other:
                throw new StartException($"Backplane__Store is {other}; it has to be Postgres, Redis or InMemory");
        }
#endif
    }

    private static string RedisConnection(IConfiguration configuration) =>
        configuration.GetConnectionString(RedisConnectionName) is { Length: > 0 } connection
            ? connection
            : throw new StartException($"No Redis: set ConnectionStrings__{RedisConnectionName} to host:port of a Redis server");
}

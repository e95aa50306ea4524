using System.Globalization;
using System.Runtime;
using Hubbub.Backplane.Stores;
using Npgsql;
using StackExchange.Redis;

namespace Hubbub.Bench.Serving;

/// <summary>A server with <see cref="BenchHub"/>: plain SignalR, on the log backplane over a store, or on Microsoft's backplane.</summary>
internal static class BenchServer
{
    public static async Task RunAsync(Arguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:" + arguments.Number("port", 5900).ToString(CultureInfo.InvariantCulture));
        var signalR = builder.Services.AddSignalR();
        if (arguments.Text("protocols", "json").Contains("messagepack", StringComparison.Ordinal))
            signalR.AddMessagePackProtocol();
        var prefix = arguments.Text("prefix", "bench:");
        switch (arguments.Text("system", "plain"))
        {
            case "plain":
                break;
            case "redis":
                signalR.AddLogBackplane(options => options.StreamPrefix = prefix);
                builder.Services.AddRedisMessageLog(options => options.UseConnectionString(arguments.Text("redis", "127.0.0.1:6379")));
                break;
            case "microsoft":
                signalR.AddStackExchangeRedis(arguments.Text("redis", "127.0.0.1:6379"), options =>
                    options.Configuration.ChannelPrefix = RedisChannel.Literal(prefix));
                break;
            case "postgres":
                signalR.AddLogBackplane(options => options.StreamPrefix = prefix);
                builder.Services.AddSingleton(NpgsqlDataSource.Create(arguments.Text("postgres", "Host=127.0.0.1")));
                builder.Services.AddPostgresMessageLog(services => services.GetRequiredService<NpgsqlDataSource>());
                break;
            case "memory":
                signalR.AddLogBackplane();
                builder.Services.AddInMemoryMessageLog();
                break;
            case var other:
                throw new ArgumentException($"There is no system {other}.", nameof(arguments));
        }

        await using var app = builder.Build();
        app.MapHub<BenchHub>("/bench");
        app.MapGet("/ready", () => "ready");
        app.MapGet("/compilation-time", () => JitInfo.GetCompilationTime().Ticks);
        app.MapPost("/collect", () =>
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return GC.GetTotalMemory(forceFullCollection: true);
        });

        // The one who started it holds its input open; when that ends, so does the server.
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            await app.StopAsync();
        });
        await app.RunAsync();
    }
}

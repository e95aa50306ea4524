using System.Diagnostics.Metrics;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>A replica as an application has it: hubs on a port, registered as users of the library do.</summary>
internal sealed class HubApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HubApp(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    /// <summary>The meter of this replica's backplane: a factory gives each of its meters once.</summary>
    public Meter Meter => Services.GetRequiredService<IMeterFactory>().Create(BackplaneMetrics.MeterName);

    public Outcomes Outcomes => Services.GetRequiredService<Outcomes>();

    public static async Task<HubApp> StartAsync(IMessageLog log, string streamPrefix, Action<BackplaneOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<Outcomes>();
        builder.Services.AddSingleton<IUserIdProvider, UserOfQuery>();
        builder.Services
            .AddSignalR(options =>
            {
                // A hub method that waits for a client's result needs room for the client's other calls.
                options.MaximumParallelInvocationsPerClient = 4;
                options.EnableDetailedErrors = true;
            })
            .AddMessagePackProtocol()
            .AddLogBackplane(options =>
            {
                options.StreamPrefix = streamPrefix;
                configure?.Invoke(options);
            });
        var app = builder.Build();
        app.MapHub<TalkHub>("/talk", StatefulToo);
        app.MapHub<TypedTalkHub>("/typed", StatefulToo);
        await app.StartAsync();
        return new HubApp(app);

        static void StatefulToo(HttpConnectionDispatcherOptions options) => options.AllowStatefulReconnects = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class UserOfQuery : IUserIdProvider
    {
        public string? GetUserId(HubConnectionContext connection) => connection.GetHttpContext()?.Request.Query["user"];
    }
}

using Hubbub.Backplane.Resuming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Tests.Client;

/// <summary>A server without a log, which says so to clients that want to resume.</summary>
internal sealed class PlainApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PlainApp(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<PlainApp> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSignalR();
        var app = builder.Build();
        app.MapHub<PlainHub>("/plain");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new PlainApp(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class PlainHub : Hub
    {
        public override Task OnConnectedAsync() => Clients.Caller.SendAsync("Resumed", new Resumption(false, 0, "unsupported"));
    }
}

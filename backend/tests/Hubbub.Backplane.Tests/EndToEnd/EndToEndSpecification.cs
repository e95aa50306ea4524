using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.Http.Connections;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>What users of the library see: two applications with ordinary hubs on one store, and clients over real connections.</summary>
public abstract partial class EndToEndSpecification : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _started = [];
    private readonly string _prefix = $"end-to-end-{Guid.NewGuid():n}:";
    private HubApp _a = null!;
    private HubApp _b = null!;

    /// <summary>The hub protocol of clients for which a test names none.</summary>
    protected virtual string Protocol => "json";

    /// <summary>Opens the store, once for each application.</summary>
    protected abstract Task<IMessageLog> OpenLogAsync();

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        _a = await StartAsync();
        _b = await StartAsync();
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_started))
            await part.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task<TalkClient> ConnectAsync(
        HubApp app,
        string hub = "talk",
        string query = "",
        HttpTransportType transport = HttpTransportType.WebSockets,
        string? protocol = null,
        int? throughPort = null) => TalkClient.ConnectAsync(app, hub, query, transport, protocol ?? Protocol, throughPort);

    private async Task<HubApp> StartAsync()
    {
        var log = await OpenLogAsync();
        _started.Add(log);
        var app = await HubApp.StartAsync(log, _prefix);
        _started.Add(app);
        return app;
    }
}

using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>What users of the library see: two applications with ordinary hubs on one store, and clients over real connections.</summary>
public abstract partial class EndToEndSpecification : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _started = [];
    private readonly string _prefix = $"end-to-end-{Guid.NewGuid():n}:";
    private HubApp _a = null!;
    private HubApp _b = null!;

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

    private async Task<HubApp> StartAsync()
    {
        var log = await OpenLogAsync();
        _started.Add(log);
        var app = await HubApp.StartAsync(log, _prefix);
        _started.Add(app);
        return app;
    }
}

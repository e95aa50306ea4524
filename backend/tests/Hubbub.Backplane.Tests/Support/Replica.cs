using System.Diagnostics.Metrics;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Resuming;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>A replica as far as the backplane sees one: a lifetime manager over a store that it shares with others.</summary>
internal sealed class Replica : IAsyncDisposable, IMeterFactory
{
    public Replica(IMessageLog log, string streamPrefix, Action<BackplaneOptions>? configure = null, HubOptions? hubOptions = null)
    {
        var options = new BackplaneOptions
        {
            StreamPrefix = streamPrefix,
            PollInterval = TimeSpan.FromMilliseconds(200),
            CallProbeInterval = TimeSpan.FromMilliseconds(200),
        };
        configure?.Invoke(options);
        Manager = new LogHubLifetimeManager<TestHub>(
            log,
            new Protocols(),
            Options.Create(hubOptions ?? new HubOptions()),
            Options.Create(new HubOptions<TestHub>()),
            Options.Create(options),
            Status,
            new BackplaneMetrics(this),
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    public BackplaneStatus Status { get; } = new();

    public LogHubLifetimeManager<TestHub> Manager { get; }

    /// <summary>A client that is connected to this replica.</summary>
    public async Task<TestClient> ConnectAsync(string? userId = null, string? connectionId = null)
    {
        var client = new TestClient(userId, connectionId);
        await Manager.OnConnectedAsync(client.Connection);
        return client;
    }

    /// <summary>
    /// A client that wants to resume, once its hub's <c>OnConnectedAsync</c> has run.
    /// </summary>
    public async Task<TestClient> ResumeAsync(
        string? cursor, string? userId = null, string previous = "", Func<TestClient, Task>? onConnected = null, long pauseWriterAt = 1024 * 1024)
    {
        var client = new TestClient(userId, pauseWriterAt: pauseWriterAt, query: $"?cursor={cursor}&previous={previous}");
        await Manager.OnConnectedAsync(client.Connection);
        await (onConnected?.Invoke(client) ?? Task.CompletedTask);
        await client.Connection.Features.Get<IPendingResume>()!.StartAsync();
        return client;
    }

    /// <summary>The meter of this replica alone.</summary>
    public Meter Meter { get; private set; } = null!;

    Meter IMeterFactory.Create(MeterOptions options) => Meter = new Meter(options);

    void IDisposable.Dispose() => Meter.Dispose();

    public ValueTask DisposeAsync() => Manager.DisposeAsync();

    private sealed class Protocols : IHubProtocolResolver
    {
        public IReadOnlyList<IHubProtocol> AllProtocols { get; } = [new JsonHubProtocol()];

        public IHubProtocol? GetProtocol(string protocolName, IReadOnlyList<string>? supportedProtocols) =>
            AllProtocols.FirstOrDefault(p => p.Name == protocolName);
    }
}

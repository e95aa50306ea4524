using System.Diagnostics.Metrics;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Resuming;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>A replica as far as the backplane sees one: a lifetime manager over a store that it shares with others.</summary>
internal sealed class Replica : IAsyncDisposable, IMeterFactory
{
    /// <param name="log">The store.</param>
    /// <param name="streamPrefix">Tells the streams of one test from those of another.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="protocols">The hub protocols that its clients may speak; JSON if none is given.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="loggers">Where it logs.</param>
    public Replica(
        IMessageLog log,
        string streamPrefix,
        Action<BackplaneOptions>? configure = null,
        IReadOnlyList<IHubProtocol>? protocols = null,
        TimeProvider? time = null,
        ILoggerFactory? loggers = null)
    {
        var options = new BackplaneOptions
        {
            StreamPrefix = streamPrefix,
            PollInterval = TimeSpan.FromMilliseconds(200),
        };
        configure?.Invoke(options);
        Status = new BackplaneStatus(loggers, time);
        Manager = new LogHubLifetimeManager<TestHub>(
            log,
            new Protocols(protocols ?? [new JsonHubProtocol()]),
            Options.Create(new HubOptions()),
            Options.Create(new HubOptions<TestHub>()),
            Options.Create(options),
            Status,
            new BackplaneMetrics(this),
            time ?? TimeProvider.System,
            loggers ?? NullLoggerFactory.Instance);
    }

    public BackplaneStatus Status { get; }

    /// <summary>The hub protocol of clients for which none is named.</summary>
    public string UsualProtocol { get; init; } = "json";

    public LogHubLifetimeManager<TestHub> Manager { get; }

    /// <summary>A client that is connected to this replica.</summary>
    public async Task<TestClient> ConnectAsync(string? userId = null, string? connectionId = null, string? protocol = null)
    {
        var client = new TestClient(userId, connectionId, protocol: protocol ?? UsualProtocol);
        await Manager.OnConnectedAsync(client.Connection);
        return client;
    }

    /// <summary>
    /// A client that wants to resume, once its hub's <c>OnConnectedAsync</c> has run.
    /// </summary>
    public async Task<TestClient> ResumeAsync(
        string? cursor,
        string? userId = null,
        string previous = "",
        Func<TestClient, Task>? onConnected = null,
        long pauseWriterAt = 1024 * 1024,
        string? protocol = null)
    {
        var client = new TestClient(userId, pauseWriterAt: pauseWriterAt, query: $"?cursor={cursor}&previous={previous}", protocol: protocol ?? UsualProtocol);
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

    private sealed class Protocols(IReadOnlyList<IHubProtocol> all) : IHubProtocolResolver
    {
        public IReadOnlyList<IHubProtocol> AllProtocols => all;

        public IHubProtocol? GetProtocol(string protocolName, IReadOnlyList<string>? supportedProtocols) =>
            AllProtocols.FirstOrDefault(p => p.Name == protocolName);
    }
}

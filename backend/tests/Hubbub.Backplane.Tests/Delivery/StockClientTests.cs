using System.Threading.Channels;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.EndToEnd;
using Hubbub.Backplane.Tests.Stores;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Backplane.Tests.Delivery;

/// <summary>
/// What SignalR's own client with automatic reconnect does when the backplane drops it, for each reason that there is. It knows nothing of resuming.
/// </summary>
public sealed class StockClientTests : IAsyncLifetime
{
    private readonly string _prefix = $"stock-{Guid.NewGuid():n}:";
    private readonly InMemoryMessageLog _inner = new();
    private readonly FaultyLog _log;
    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();
    private HubApp _app = null!;

    public StockClientTests() => _log = new FaultyLog(_inner);

    public static TheoryData<HttpTransportType, string> Wires => EndToEndSpecification.Wires;

    public async ValueTask InitializeAsync() => _app = await HubApp.StartAsync(_log, _prefix, options =>
    {
        options.MaxConnectionBacklogBytes = 64 * 1024;
        options.CloseTimeout = TimeSpan.FromMilliseconds(500);
    });

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _inner.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task It_comes_back_after_the_log_began_a_new_epoch(HttpTransportType transport, string protocol)
    {
        await using var client = await ConnectAsync(_app.Url, transport, protocol);
        _log.LoseEverything();
        await ExpectAsync("reconnecting", "reconnected");
        await SayAsync("after it");
        await ExpectAsync("after it");
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task It_comes_back_after_retention_removed_what_it_had_not_got(HttpTransportType transport, string protocol)
    {
        await using var client = await ConnectAsync(_app.Url, transport, protocol);
        await using var other = await HubApp.StartAsync(_inner, _prefix);
        _log.IsAway = true;
        await Eventually.IsTrueAsync(() => IsAwayAt(_app), "the replica notices that its store is away");
        for (var i = 0; i < 5; i++)
            await SayAsync(other, "never seen");
        var extent = await _inner.OpenAsync(_prefix + typeof(TalkHub).FullName, TestContext.Current.CancellationToken);
        await _inner.TrimAsync(_prefix + typeof(TalkHub).FullName, extent.Tail, TestContext.Current.CancellationToken);
        await SayAsync(other, "never seen either");
        _log.IsAway = false;
        await ExpectAsync("reconnecting", "reconnected");
        await SayAsync("after it");
        await ExpectAsync("after it");
    }

    [Fact]
    public async Task One_that_does_not_read_is_cut_off_and_comes_back()
    {
        await using var line = new StallingProxy("127.0.0.1", _app.Url.Port);
        await using var client = await ConnectAsync(new UriBuilder(_app.Url) { Port = line.Port }.Uri, HttpTransportType.WebSockets, "json");
        using var metrics = new SeenMetrics(_app.Meter);
        line.Stall();
        var text = new string('x', 64 * 1024);
        await Eventually.IsTrueAsync(
            async () =>
            {
                await SayAsync(text);
                return metrics.Sum("hubbub.backplane.connections.dropped", "slow") > 0;
            },
            "the connection is dropped");
        line.Resume();
        while (await NextAsync() is var next && next != "reconnected")
            Assert.True(next == text || next.StartsWith("reconnecting", StringComparison.Ordinal), next);
        await SayAsync("after it");
        await ExpectAsync("after it");
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task It_tries_to_come_back_when_its_replica_is_shut_down(HttpTransportType transport, string protocol)
    {
        await using var client = await ConnectAsync(_app.Url, transport, protocol);
        await _app.DisposeAsync();
        Assert.StartsWith("reconnecting", await NextAsync(), StringComparison.Ordinal);
    }

    private static bool IsAwayAt(HubApp app) => app.Services.GetRequiredService<BackplaneStatus>().IsAway;

    private static Task SayAsync(HubApp app, string text) =>
        app.Services.GetRequiredService<IHubContext<TalkHub>>().Clients.All.SendAsync("Say", text, TestContext.Current.CancellationToken);

    private Task SayAsync(string text) => SayAsync(_app, text);

    private async Task<HubConnection> ConnectAsync(Uri url, HttpTransportType transport, string protocol)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(url, "/talk"), transport).WithAutomaticReconnect(new Soon());
        if (protocol == "messagepack")
            builder.AddMessagePackProtocol();
        var client = builder.Build();
        client.On<string>("Say", text => _seen.Writer.TryWrite(text));
        client.Reconnecting += e => Note(e is null ? "reconnecting" : $"reconnecting: {e.Message}");
        client.Reconnected += _ => Note("reconnected");
        client.Closed += e => Note($"closed for good: {e?.Message}");
        await client.StartAsync(TestContext.Current.CancellationToken);
        await client.InvokeAsync("Here", TestContext.Current.CancellationToken);
        return client;

        Task Note(string text)
        {
            _seen.Writer.TryWrite(text);
            return Task.CompletedTask;
        }
    }

    private async Task ExpectAsync(params string[] expected)
    {
        foreach (var text in expected)
            Assert.Equal(text, await NextAsync());
    }

    private Task<string> NextAsync() =>
        _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);

    private sealed class Soon : IRetryPolicy
    {
        public TimeSpan? NextRetryDelay(RetryContext retryContext) => TimeSpan.FromMilliseconds(50);
    }
}

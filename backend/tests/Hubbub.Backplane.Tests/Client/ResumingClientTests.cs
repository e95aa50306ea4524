using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Hubbub.Backplane.Client;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.EndToEnd;
using Hubbub.Backplane.Tests.Stores;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Backplane.Tests.Client;

/// <summary>Connections built with <c>WithResume</c> to two replicas of this process over one log.</summary>
public sealed class ResumingClientTests : IAsyncLifetime
{
    private readonly string _prefix = $"client-{Guid.NewGuid():n}:";
    private readonly InMemoryMessageLog _inner = new();
    private readonly FaultyLog _log;
    private readonly ResumePosition _position = new();
    private readonly ConcurrentQueue<string> _seen = new();
    private HubApp _a = null!;
    private HubApp _b = null!;

    public ResumingClientTests() => _log = new FaultyLog(_inner);

    public static TheoryData<HttpTransportType, string> Wires => EndToEndSpecification.Wires;

    public async ValueTask InitializeAsync()
    {
        _a = await HubApp.StartAsync(_log, _prefix);
        _b = await HubApp.StartAsync(_log, _prefix);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _inner.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_client_whose_replica_is_shut_down_goes_on_at_the_other_one(HttpTransportType transport, string protocol)
    {
        await using var client = Build([Talk(_a), Talk(_b)], transport, protocol);
        await StartAsync(client, "new");
        var (left, other) = _position.Replica == Talk(_a) ? (_a, _b) : (_b, _a);
        await SayAsync(other, "one");
        await ExpectAsync("new", "one");
        await left.DisposeAsync();
        await SayAsync(other, "two");
        await SayAsync(other, "three");
        await Eventually.IsTrueAsync(() => _seen.Count == 5, "what was missed arrives, if it was, and the answer");
        Assert.Equal(["one", "two", "three"], _seen.Where(text => text is "one" or "two" or "three"));
        Assert.Equal(["new", "resumed"], _seen.Where(text => text is "new" or "resumed"));
        Assert.Equal(Talk(other), _position.Replica);
        Assert.Equal(HubConnectionState.Connected, client.State);
    }

    [Fact]
    public async Task A_client_that_was_stopped_and_is_started_again_goes_on_where_it_was()
    {
        await using var client = Build([Talk(_a), Talk(_b)]);
        await StartAsync(client, "new");
        await client.StopAsync(TestContext.Current.CancellationToken);
        await SayAsync(_a, "missed");
        await client.StartAsync(TestContext.Current.CancellationToken);
        await ExpectAsync("new", "resumed", "missed");
    }

    [Fact]
    public async Task A_cursor_that_was_kept_is_where_another_client_begins()
    {
        await using (var first = Build([Talk(_a)]))
            await StartAsync(first, "new");
        await SayAsync(_a, "missed");
        await using var second = Build([Talk(_b)], position: new ResumePosition(_position.Cursor));
        await second.StartAsync(TestContext.Current.CancellationToken);
        await ExpectAsync("new", "resumed", "missed");
    }

    [Fact]
    public async Task Why_a_client_cannot_go_on_is_told_and_it_goes_on_live()
    {
        await using var client = Build([Talk(_b)]);
        await StartAsync(client, "new");
        await client.StopAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
            await SayAsync(_a, "lost");
        Assert.True(LogCursor.TryParse(_position.Cursor, out var at));
        var stream = _prefix + typeof(TalkHub).FullName;
        await _log.TrimAsync(stream, at.Offset + 2, default);

        // One that has the records in memory would still have them.
        await using var late = await HubApp.StartAsync(_log, _prefix);
        await using var trimmed = Build([Talk(late)], position: new ResumePosition(_position.Cursor));
        await trimmed.StartAsync(TestContext.Current.CancellationToken);
        await ExpectAsync("new", "trimmed");
        await SayAsync(_a, "live");
        await ExpectAsync("new", "trimmed", "live");

        await using var other = Build([Talk(_a)], position: new ResumePosition("anotherepoch.7"));
        await other.StartAsync(TestContext.Current.CancellationToken);
        await ExpectAsync("new", "trimmed", "live", "epoch");
        await using var invalid = Build([Talk(_a)], position: new ResumePosition("nonsense"));
        await invalid.StartAsync(TestContext.Current.CancellationToken);
        await ExpectAsync("new", "trimmed", "live", "epoch", "invalid");
    }

    [Fact]
    public async Task A_log_that_begins_a_new_epoch_is_told_by_reconnecting()
    {
        await using var client = Build([Talk(_a), Talk(_b)]);
        await StartAsync(client, "new");
        await SayAsync(_a, "one");
        await ExpectAsync("new", "one");
        _log.LoseEverything();
        await ExpectAsync("new", "one", "epoch");
    }

    [Fact]
    public async Task Dead_and_silent_replicas_are_passed_over_at_the_start()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var dead = new TcpListener(IPAddress.Loopback, 0);
        dead.Start();
        var deadPort = ((IPEndPoint)dead.LocalEndpoint).Port;
        dead.Stop();
        Uri[] urls = [Port(deadPort), Port(((IPEndPoint)silent.LocalEndpoint).Port), Talk(_a)];

        // Each order of the three comes up sooner or later.
        for (var i = 0; i < 6; i++)
        {
            await using var client = Build(urls, attemptTimeout: TimeSpan.FromMilliseconds(500));
            await client.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Talk(_a), _position.Replica);
        }

        static Uri Port(int port) => new($"http://127.0.0.1:{port}/talk");
    }

    [Fact]
    public async Task A_start_that_reaches_nobody_fails_with_the_reason_and_can_be_repeated()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var client = Build(
            [new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/talk")], attemptTimeout: TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<TimeoutException>(() => client.StartAsync(TestContext.Current.CancellationToken));
            Assert.Contains("did not answer", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_slow_handler_is_not_overtaken_by_what_comes_over_the_next_connection()
    {
        await using var line = new StallingProxy("127.0.0.1", _a.Url.Port);
        await using var client = Build([new UriBuilder(Talk(_a)) { Port = line.Port }.Uri]);
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        client.Remove("Say");
        client.On("Say", async (string text) =>
        {
            entered.TrySetResult();
            await gate.Task;
            _seen.Enqueue(text);
        });
        await StartAsync(client, "new");
        await SayAsync(_a, "one");
        await entered.Task.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        await SayAsync(_a, "two");
        line.Cut();
        await Eventually.IsTrueAsync(() => client.State == HubConnectionState.Reconnecting, "the client notices");
        await SayAsync(_a, "three");
        Assert.Equal(["new"], _seen);
        gate.SetResult();
        await Eventually.IsTrueAsync(() => _seen.Count == 5, "all arrive");
        Assert.Equal(["one", "two", "three"], _seen.Where(text => text is not ("new" or "resumed")));
        Assert.Equal("resumed", _seen.Single(text => text is not ("new" or "one" or "two" or "three")));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("messagepack")]
    public async Task A_connection_that_stateful_reconnect_keeps_gets_everything_once_and_resumes_when_its_replica_goes(string protocol)
    {
        await using var line = new StallingProxy("127.0.0.1", _a.Url.Port);
        await using var client = Build([new UriBuilder(Talk(_a)) { Port = line.Port }.Uri, Talk(_b)], protocol: protocol, isStateful: true);
        do
        {
            // The test is about the replica behind the line.
            await client.StopAsync(TestContext.Current.CancellationToken);
            _seen.Clear();
            await client.StartAsync(TestContext.Current.CancellationToken);
        }
        while (_position.Replica!.Port != line.Port);
        await Eventually.IsTrueAsync(() => !_seen.IsEmpty, "the server answers");
        _seen.Clear();

        var (id, said) = (client.ConnectionId, new List<string>());
        for (var i = 0; i < 3; i++)
        {
            // What is under way is lost with the line.
            line.Stall();
            await TalkAsync();
            await TalkAsync();
            line.Cut();
            line.Resume();
            await TalkAsync();
            await Eventually.IsTrueAsync(() => _seen.Count == said.Count, "what the cut took arrives");
            Assert.Equal(said, _seen);
        }

        Assert.Equal(id, client.ConnectionId);
        await _a.DisposeAsync();
        await TalkAsync();
        await Eventually.IsTrueAsync(() => _seen.Count == said.Count + 1, "the client goes on at the other replica");
        Assert.Equal(said, _seen.Where(text => text != "resumed"));

        async Task TalkAsync()
        {
            said.Add($"text {said.Count}");
            await SayAsync(_b, said[^1]);
        }
    }

    [Fact]
    public async Task A_replica_that_loses_the_store_says_so_and_says_when_it_is_back()
    {
        await using var client = Build([Talk(_a)]);
        client.OnBackplane(isAway => _seen.Enqueue(isAway ? "away" : "back"));
        await StartAsync(client, "new");
        _log.IsAway = true;
        await ExpectAsync("new", "away");
        _log.IsAway = false;
        await ExpectAsync("new", "away", "back");
    }

    [Fact]
    public async Task A_server_without_a_log_is_told_to_the_application_at_each_connection()
    {
        await using var plain = await PlainApp.StartAsync();
        await using var client = Build([new Uri(plain.Url, "/plain")]);
        await StartAsync(client, "unsupported");
        await client.StopAsync(TestContext.Current.CancellationToken);
        await client.StartAsync(TestContext.Current.CancellationToken);
        await ExpectAsync("unsupported", "unsupported");
        Assert.Equal("", _position.Cursor);
    }

    [Fact]
    public async Task A_message_from_which_a_client_was_left_out_does_not_come_when_it_comes_back()
    {
        await using var client = Build([Talk(_a), Talk(_b)]);
        await StartAsync(client, "new");
        var id = client.ConnectionId!;
        await client.StopAsync(TestContext.Current.CancellationToken);
        await _a.Services.GetRequiredService<IHubContext<TalkHub>>().Clients.AllExcept(id).SendAsync("Say", "others", TestContext.Current.CancellationToken);
        await SayAsync(_a, "all");
        await client.StartAsync(TestContext.Current.CancellationToken);
        await ExpectAsync("new", "resumed", "all");
    }

    private static Uri Talk(HubApp app) => new(app.Url, "/talk");

    private static Task SayAsync(HubApp app, string text) =>
        app.Services.GetRequiredService<IHubContext<TalkHub>>().Clients.All.SendAsync("Say", text, TestContext.Current.CancellationToken);

    private async Task StartAsync(HubConnection client, string answer)
    {
        await client.StartAsync(TestContext.Current.CancellationToken);
        await ExpectAsync(answer);
    }

    private async Task ExpectAsync(params string[] seen)
    {
        await Eventually.IsTrueAsync(() => _seen.Count >= seen.Length, $"{string.Join(", ", seen)}, and not {string.Join(", ", _seen)}");
        Assert.Equal(seen, _seen);
    }

    private HubConnection Build(
        Uri[] urls,
        HttpTransportType transport = HttpTransportType.WebSockets,
        string protocol = "json",
        ResumePosition? position = null,
        TimeSpan? attemptTimeout = null,
        bool isStateful = false)
    {
        var builder = new HubConnectionBuilder().WithResume(urls, http => http.Transports = transport, resume =>
        {
            resume.Position = position ?? _position;
            resume.AttemptTimeout = attemptTimeout ?? resume.AttemptTimeout;
        });
        if (protocol == "messagepack")
            builder.AddMessagePackProtocol();
        if (isStateful)
            builder.WithStatefulReconnect();
        var client = builder.Build();
        client.On<string>("Say", _seen.Enqueue);
        client.OnResumed(answer =>
        {
            _seen.Enqueue(answer.Reason ?? "resumed");
            return Task.CompletedTask;
        });
        return client;
    }
}

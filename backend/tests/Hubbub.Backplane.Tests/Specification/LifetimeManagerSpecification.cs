using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>
/// What every store must let the lifetime manager do, on one replica and across two. That something is <em>not</em> delivered is shown with a
/// marker sent after it: order is total, so once the marker is there the unwanted message would have been there before it.
/// </summary>
public abstract partial class LifetimeManagerSpecification : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _started = [];
    private readonly string _prefix = $"spec-{Guid.NewGuid():n}:";
    private Replica _m1 = null!;
    private Replica _m2 = null!;

    /// <summary>The hub protocol of clients for which a test names none.</summary>
    protected virtual string Protocol => "json";

    /// <summary>Opens the store, once for each replica, so that two replicas share no more than they would in two processes.</summary>
    protected abstract Task<IMessageLog> OpenLogAsync();

    /// <inheritdoc />
    public virtual async ValueTask InitializeAsync()
    {
        _m1 = await StartReplicaAsync();
        _m2 = await StartReplicaAsync();
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_started))
            await part.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_message_to_all_reaches_every_connection_on_every_replica()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.SendAllAsync("Hello", ["World"]);
        await a.ExpectAsync("Hello", "World");
        await b.ExpectAsync("Hello", "World");
    }

    [Fact]
    public async Task A_connection_that_has_ended_gets_nothing_and_the_others_do()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        await b.EndAsync(_m2.Manager);
        await _m2.Manager.SendAllAsync("Hello", ["World"]);
        await a.ExpectAsync("Hello", "World");
        var late = await _m2.ConnectAsync();
        await _m1.Manager.SendAllAsync("Marker", []);
        await late.ExpectAsync("Marker");
        await AssertNothingCameAsync(b);
    }

    [Fact]
    public async Task All_except_leaves_out_the_excluded_on_both_replicas()
    {
        var (a, b, c) = (await _m1.ConnectAsync(), await _m2.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.SendAllExceptAsync("Hello", [1], [a.Id, b.Id]);
        await c.ExpectAsync("Hello", 1);
        await AssertNothingCameAsync(a, b);
    }

    [Fact]
    public async Task A_message_to_a_connection_reaches_it_from_any_replica()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m1.ConnectAsync());
        await _m1.Manager.SendConnectionAsync(a.Id, "Near", []);
        await _m2.Manager.SendConnectionAsync(a.Id, "Far", []);
        await a.ExpectAsync("Near");
        await a.ExpectAsync("Far");
        await AssertNothingCameAsync(a, b);
    }

    [Fact]
    public async Task A_message_to_connections_reaches_each_of_them()
    {
        var (a, b, c) = (await _m1.ConnectAsync(), await _m2.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.SendConnectionsAsync([a.Id, b.Id, "nowhere"], "Hello", []);
        await a.ExpectAsync("Hello");
        await b.ExpectAsync("Hello");
        await AssertNothingCameAsync(a, b, c);
    }

    [Fact]
    public async Task A_message_to_a_connection_here_is_not_delivered_by_another_replica_that_knows_its_id()
    {
        var client = new TestClient();
        await _m1.Manager.OnConnectedAsync(client.Connection);
        await _m2.Manager.OnConnectedAsync(client.Connection);
        await _m1.Manager.SendConnectionAsync(client.Id, "Hello", []);
        await _m1.Manager.SendConnectionAsync(client.Id, "Marker", []);
        await client.ExpectAsync("Hello");
        await client.ExpectAsync("Marker");
    }

    [Fact]
    public async Task A_message_to_a_user_reaches_all_of_the_users_connections()
    {
        var (a, b, c) = (await _m1.ConnectAsync("ann"), await _m2.ConnectAsync("ann"), await _m2.ConnectAsync("Ann"));
        await _m1.Manager.SendUserAsync("ann", "Hello", []);
        await a.ExpectAsync("Hello");
        await b.ExpectAsync("Hello");
        await AssertNothingCameAsync(a, b, c);
    }

    [Fact]
    public async Task A_users_other_connection_still_gets_messages_when_one_has_ended()
    {
        var (a, b) = (await _m1.ConnectAsync("ann"), await _m1.ConnectAsync("ann"));
        await a.EndAsync(_m1.Manager);
        await _m2.Manager.SendUserAsync("ann", "Hello", []);
        await b.ExpectAsync("Hello");
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task A_message_to_users_reaches_each_of_them()
    {
        var (a, b, c) = (await _m1.ConnectAsync("ann"), await _m2.ConnectAsync("*"), await _m2.ConnectAsync("cat"));
        await _m2.Manager.SendUsersAsync(["ann", "*"], "Hello", []);
        await a.ExpectAsync("Hello");
        await b.ExpectAsync("Hello");
        await AssertNothingCameAsync(a, b, c);
    }

    [Fact]
    public async Task A_connection_whose_writes_fail_hurts_neither_the_sender_nor_the_others()
    {
        var broken = new BrokenConnection();
        await _m2.Manager.OnConnectedAsync(broken);
        var healthy = await _m2.ConnectAsync();
        await _m2.Manager.AddToGroupAsync(broken.ConnectionId, "g");
        await _m2.Manager.AddToGroupAsync(healthy.Id, "g");
        for (var i = 0; i < 2; i++)
        {
            await _m1.Manager.SendConnectionAsync(broken.ConnectionId, "Hello", []);
            await _m1.Manager.SendGroupAsync("g", "Hello", [i]);
            await healthy.ExpectAsync("Hello", i);
        }
    }

    private async Task<Replica> StartReplicaAsync(Action<BackplaneOptions>? configure = null, params IHubProtocol[] protocols)
    {
        var log = await OpenLogAsync();
        _started.Add(log);
        var replica = new Replica(log, _prefix, configure, protocols.Length > 0 ? protocols : Both()) { UsualProtocol = Protocol };
        _started.Add(replica);
        return replica;
    }

    /// <summary>Sends each client a marker and checks that it is the next thing that comes. Those that have ended have nothing in their pipe.</summary>
    private async Task AssertNothingCameAsync(params TestClient[] clients)
    {
        var marker = Guid.NewGuid().ToString();
        var witness = await _m2.ConnectAsync();
        await _m1.Manager.SendAllAsync("NothingBefore", [marker]);

        // What another replica sent just before it connected may still reach the witness.
        while ((await witness.NextAsync()).Arguments != $"[\"{marker}\"]")
        {
        }

        foreach (var client in clients)
        {
            if (client.IsConnected)
                await client.ExpectAsync("NothingBefore", marker);
            else
                client.AssertSilent();
        }
    }

    /// <summary>Fails synchronously at every write and speaks no protocol.</summary>
    private sealed class BrokenConnection() : HubConnectionContext(
        new DefaultConnectionContext(Guid.NewGuid().ToString("n")),
        new HubConnectionContextOptions(),
        NullLoggerFactory.Instance)
    {
        public override ValueTask WriteAsync(HubMessage message, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("This connection is broken.");

        public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("This connection is broken.");
    }
}

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
    public async Task A_group_message_reaches_members_only_on_both_replicas()
    {
        var (a, b, c) = (await _m1.ConnectAsync(), await _m2.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.AddToGroupAsync(b.Id, "g");
        await _m2.Manager.SendGroupAsync("g", "Hello", []);
        await a.ExpectAsync("Hello");
        await b.ExpectAsync("Hello");
        await AssertNothingCameAsync(c);
    }

    [Fact]
    public async Task A_group_message_leaves_out_the_excluded()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.AddToGroupAsync(b.Id, "g");
        await _m1.Manager.SendGroupExceptAsync("g", "Hello", [], [b.Id]);
        await a.ExpectAsync("Hello");
        await AssertNothingCameAsync(b);
    }

    [Fact]
    public async Task A_message_to_two_groups_reaches_a_member_of_both_twice()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m1.Manager.AddToGroupAsync(a.Id, "h");
        await _m2.Manager.AddToGroupAsync(b.Id, "h");
        await _m2.Manager.SendGroupsAsync(["g", "h"], "Hello", []);
        await a.ExpectAsync("Hello");
        await a.ExpectAsync("Hello");
        await b.ExpectAsync("Hello");
        await AssertNothingCameAsync(a, b);
    }

    [Fact]
    public async Task A_connection_that_has_ended_is_in_no_group()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await a.EndAsync(_m1.Manager);
        await _m2.Manager.SendGroupAsync("g", "Hello", []);
        await _m2.Manager.SendAllAsync("Marker", []);
        await b.ExpectAsync("Marker");
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Leaving_a_group_that_one_is_not_in_does_nothing_here_and_from_another_replica()
    {
        var a = await _m1.ConnectAsync();
        await _m1.Manager.RemoveFromGroupAsync(a.Id, "g");
        await _m2.Manager.RemoveFromGroupAsync(a.Id, "g");
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task A_connection_of_another_replica_can_be_put_into_a_group_and_taken_out()
    {
        var a = await _m1.ConnectAsync();
        await _m2.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.SendGroupAsync("g", "In", []);
        await a.ExpectAsync("In");
        await _m2.Manager.RemoveFromGroupAsync(a.Id, "g");
        await _m2.Manager.SendGroupAsync("g", "Out", []);
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Entering_a_group_twice_here_and_from_another_replica_counts_once()
    {
        var a = await _m1.ConnectAsync();
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m1.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.AddToGroupAsync(a.Id, "g");
        await _m2.Manager.SendGroupAsync("g", "Hello", []);
        await a.ExpectAsync("Hello");
        await AssertNothingCameAsync(a);
        await _m2.Manager.RemoveFromGroupAsync(a.Id, "g");
        await _m1.Manager.SendGroupAsync("g", "Hello", []);
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Groups_for_a_connection_that_is_nowhere_are_no_error()
    {
        await _m1.Manager.AddToGroupAsync("nowhere", "g");
        await _m1.Manager.RemoveFromGroupAsync("nowhere", "g");
        await _m1.Manager.SendConnectionAsync("nowhere", "Hello", []);
    }

    [Fact]
    public async Task Group_names_differ_by_case_and_have_no_patterns()
    {
        var (a, b, c) = (await _m1.ConnectAsync(), await _m2.ConnectAsync(), await _m2.ConnectAsync());
        await _m1.Manager.AddToGroupAsync(a.Id, "Room");
        await _m1.Manager.AddToGroupAsync(a.Id, "room");
        await _m2.Manager.AddToGroupAsync(b.Id, "*");
        await _m2.Manager.AddToGroupAsync(c.Id, "r?om");
        await _m2.Manager.SendGroupAsync("room", "Lower", []);
        await _m2.Manager.SendGroupAsync("Room", "Upper", []);
        await _m1.Manager.SendGroupAsync("*", "Star", []);
        await a.ExpectAsync("Lower");
        await a.ExpectAsync("Upper");
        await b.ExpectAsync("Star");
        await AssertNothingCameAsync(a, b, c);
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

    [Fact]
    public async Task Everything_sent_one_after_the_other_arrives_in_that_order_whatever_it_was_addressed_to()
    {
        var a = await _m1.ConnectAsync("ann");
        await _m2.Manager.AddToGroupAsync(a.Id, "g");
        for (var i = 0; i < 20; i++)
        {
            var sender = i % 3 == 0 ? _m1 : _m2;
            await sender.Manager.SendGroupAsync("g", "Group", [i]);
            await sender.Manager.SendConnectionAsync(a.Id, "Connection", [i]);
            await sender.Manager.SendUserAsync("ann", "User", [i]);
            await sender.Manager.SendAllAsync("All", [i]);
        }

        for (var i = 0; i < 20; i++)
        {
            await a.ExpectAsync("Group", i);
            await a.ExpectAsync("Connection", i);
            await a.ExpectAsync("User", i);
            await a.ExpectAsync("All", i);
        }
    }

    [Fact]
    public async Task A_group_change_counts_for_what_is_sent_after_it_and_not_before()
    {
        var a = await _m1.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            await _m1.Manager.SendGroupAsync("g", "Before", [i]);
            await _m1.Manager.AddToGroupAsync(a.Id, "g");
            await _m1.Manager.SendGroupAsync("g", "Member", [i]);
            await _m1.Manager.RemoveFromGroupAsync(a.Id, "g");
            await _m1.Manager.SendGroupAsync("g", "After", [i]);
        }

        for (var i = 0; i < 50; i++)
            await a.ExpectAsync("Member", i);
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Every_replica_delivers_what_several_send_at_once_in_the_same_order()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m2.ConnectAsync());
        const int each = 100;
        async Task SendAsync(Replica from, int sender)
        {
            for (var i = 0; i < each; i++)
                await from.Manager.SendAllAsync("N", [sender, i]);
        }

        await Task.WhenAll(SendAsync(_m1, 1), SendAsync(_m1, 2), SendAsync(_m2, 3), SendAsync(_m2, 4));
        var seenByA = new List<ReceivedMessage>();
        for (var i = 0; i < 4 * each; i++)
            seenByA.Add(await a.NextAsync());
        foreach (var expected in seenByA)
            Assert.Equal(expected, await b.NextAsync());

        Assert.Equal(4 * each, seenByA.Select(m => m.Arguments).Distinct(StringComparer.Ordinal).Count());
        var ofThird = seenByA.Select(m => m.Arguments).Where(x => x.StartsWith("[3,", StringComparison.Ordinal)).ToList();
        Assert.Equal([.. Enumerable.Range(0, each).Select(i => $"[3,{i}]")], ofThird);
        var offsets = seenByA.Select(m => LogCursor.TryParse(m.Cursor, out var cursor) ? cursor.Offset : -1).ToList();
        Assert.Equal(Enumerable.Range(0, offsets.Count).Select(i => offsets[0] + i).ToList(), offsets);
    }

    [Fact]
    public async Task A_payload_with_a_key_is_delivered_once_however_often_and_from_wherever_it_is_sent()
    {
        var (a, b) = (await _m1.ConnectAsync("ann"), await _m2.ConnectAsync());
        var payload = new Keyed("k1");
        await _m1.Manager.SendAllAsync("Once", [payload]);
        await _m2.Manager.SendAllAsync("Once", [payload]);
        await Task.WhenAll(_m1.Manager.SendAllAsync("Once", [payload]), _m2.Manager.SendAllAsync("Once", [payload]));

        // Another audience is another message.
        await _m2.Manager.SendUserAsync("ann", "Once", [payload]);
        await a.ExpectAsync("Once", payload);
        await a.ExpectAsync("Once", payload);
        await b.ExpectAsync("Once", payload);
        await AssertNothingCameAsync(a, b);
    }

    [Fact]
    public async Task Each_message_carries_its_cursor_in_the_headers()
    {
        var a = await _m1.ConnectAsync();
        await _m1.Manager.SendAllAsync("One", []);
        await _m1.Manager.SendAllAsync("Two", []);
        Assert.True(LogCursor.TryParse((await a.NextAsync()).Cursor, out var one));
        Assert.True(LogCursor.TryParse((await a.NextAsync()).Cursor, out var two));
        Assert.Equal(one with { Offset = one.Offset + 1 }, two);
        await Eventually.TrueAsync(() => _m2.Manager.Current == two.ToString(), "the other replica gets there");
    }

    [Fact]
    public async Task A_cancelled_send_throws_and_stores_nothing()
    {
        var a = await _m1.ConnectAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var token = cancelled.Token;
        Func<Task>[] sends =
        [
            () => _m1.Manager.SendAllAsync("No", [], token),
            () => _m1.Manager.SendAllExceptAsync("No", [], [], token),
            () => _m1.Manager.SendConnectionAsync(a.Id, "No", [], token),
            () => _m1.Manager.SendConnectionsAsync([a.Id], "No", [], token),
            () => _m1.Manager.SendGroupAsync("g", "No", [], token),
            () => _m1.Manager.SendGroupsAsync(["g"], "No", [], token),
            () => _m1.Manager.SendGroupExceptAsync("g", "No", [], [], token),
            () => _m1.Manager.SendUserAsync("ann", "No", [], token),
            () => _m1.Manager.SendUsersAsync(["ann"], "No", [], token),
        ];
        foreach (var send in sends)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(send);
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Names_must_not_be_null()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => _m1.Manager.SendGroupAsync(null!, "No", []));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _m1.Manager.SendUserAsync(null!, "No", []));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _m1.Manager.SendConnectionAsync(null!, "No", []));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _m1.Manager.AddToGroupAsync("id", null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _m1.Manager.RemoveFromGroupAsync(null!, "g"));
    }

    [Fact]
    public async Task Disconnecting_a_connection_that_never_connected_is_no_error()
    {
        await _m1.Manager.OnDisconnectedAsync(new TestClient().Connection);
    }

    private async Task<Replica> StartReplicaAsync(Action<BackplaneOptions>? configure = null)
    {
        var log = await OpenLogAsync();
        _started.Add(log);
        var replica = new Replica(log, _prefix, configure);
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

    private sealed record Keyed(string IdempotencyKey) : IIdempotentPayload;

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

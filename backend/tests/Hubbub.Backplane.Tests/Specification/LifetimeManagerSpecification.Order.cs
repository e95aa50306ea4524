using System.Runtime.Serialization;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>Order, exactly once, and the edges of the calls.</summary>
public abstract partial class LifetimeManagerSpecification
{
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
    public async Task A_call_without_arguments_can_have_a_key_too()
    {
        var a = await _m1.ConnectAsync();
        await _m1.Manager.SendAllAsync("Bare", [new SentOnce("k1")]);
        await _m2.Manager.SendAllAsync("Bare", [new SentOnce("k1")]);
        await _m2.Manager.SendAllAsync("Bare", [new SentOnce("k2")]);
        await a.ExpectAsync("Bare");
        await a.ExpectAsync("Bare");
        await AssertNothingCameAsync(a);
    }

    [Fact]
    public async Task Each_message_carries_its_cursor_in_the_headers()
    {
        var a = await _m1.ConnectAsync();
        await _m1.Manager.SendAllAsync("One", []);
        await _m1.Manager.SendAllAsync("Two", []);
        Assert.True(LogCursor.TryParse((await a.NextAsync()).Cursor, out var one));
        Assert.True(LogCursor.TryParse((await a.NextAsync()).Cursor, out var two));
        Assert.Equal((one.Epoch, one.Offset + 1), (two.Epoch, two.Offset));
        await Eventually.IsTrueAsync(() => _m2.Manager.Current == two.ToString(), "the other replica gets there");
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

    /// <summary>Public and with a name, because MessagePack's own resolver asks for both.</summary>
    [DataContract]
    public sealed record Keyed([property: DataMember(Name = "idempotencyKey")] string IdempotencyKey) : IIdempotentPayload;
}

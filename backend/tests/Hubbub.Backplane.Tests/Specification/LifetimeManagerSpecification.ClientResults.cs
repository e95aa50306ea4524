using System.Buffers;
using System.Text;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>Calls to clients that want a result.</summary>
public abstract partial class LifetimeManagerSpecification
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clients_result_comes_back_from_this_or_another_replica(bool across)
    {
        var (caller, owner) = (across ? _m2 : _m1, _m1);
        var client = await owner.ConnectAsync();
        var result = caller.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [3], default);
        var call = await client.ExpectAsync("Add", 3);
        Assert.NotNull(call.InvocationId);
        await CompleteAsync(owner, client, call, Result(owner, call, "10"));
        Assert.Equal(10, await result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clients_error_comes_back_with_its_text(bool across)
    {
        var (caller, owner) = (across ? _m2 : _m1, _m1);
        var client = await owner.ConnectAsync();
        var result = caller.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [], default);
        var call = await client.ExpectAsync("Add");
        await CompleteAsync(owner, client, call, CompletionMessage.WithError(call.InvocationId!, "I cannot add."));
        Assert.Equal("I cannot add.", (await Assert.ThrowsAsync<HubException>(() => result)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_result_from_the_wrong_connection_is_refused_and_the_right_one_can_still_answer(bool across)
    {
        var (caller, owner) = (across ? _m2 : _m1, _m1);
        var (client, stranger) = (await owner.ConnectAsync(), await owner.ConnectAsync());
        var result = caller.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [], default);
        var call = await client.ExpectAsync("Add");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => owner.Manager.SetConnectionResultAsync(stranger.Id, Result(owner, call, "1")));
        Assert.Equal($"Connection ID '{stranger.Id}' is not valid for invocation ID '{call.InvocationId}'.", refused.Message);
        await CompleteAsync(owner, client, call, Result(owner, call, "2"));
        Assert.Equal(2, await result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calling_a_connection_that_is_nowhere_fails_also_with_no_client_at_all(bool withClients)
    {
        if (withClients)
            await Task.WhenAll(_m1.ConnectAsync(), _m2.ConnectAsync());
        var error = await Assert.ThrowsAsync<IOException>(() => _m1.Manager.InvokeConnectionAsync<int>("1234", "Add", [], default));
        Assert.Equal("Connection '1234' does not exist.", error.Message);
    }

    [Fact]
    public async Task Two_calls_under_way_do_not_disturb_each_other()
    {
        var (a, b) = (await _m1.ConnectAsync(), await _m1.ConnectAsync());
        var (toA, toB) = (_m1.Manager.InvokeConnectionAsync<int>(a.Id, "Add", [], default), _m1.Manager.InvokeConnectionAsync<int>(b.Id, "Add", [], default));
        var (callA, callB) = (await a.ExpectAsync("Add"), await b.ExpectAsync("Add"));
        await CompleteAsync(_m1, a, callA, CompletionMessage.WithError(callA.InvocationId!, "no"));
        await Assert.ThrowsAsync<HubException>(() => toA);
        Assert.False(toB.IsCompleted);
        await CompleteAsync(_m1, b, callB, Result(_m1, callB, "7"));
        Assert.Equal(7, await toB);
    }

    [Fact]
    public async Task Calls_from_two_replicas_to_one_connection_have_their_own_ids_and_results()
    {
        var client = await _m1.ConnectAsync();
        var from1 = _m1.Manager.InvokeConnectionAsync<int>(client.Id, "One", [], default);
        var call1 = await client.ExpectAsync("One");
        var from2 = _m2.Manager.InvokeConnectionAsync<int>(client.Id, "Two", [], default);
        var call2 = await client.ExpectAsync("Two");
        Assert.NotEqual(call1.InvocationId, call2.InvocationId);
        await CompleteAsync(_m1, client, call1, Result(_m1, call1, "1"));

        // The replica that waits takes the result too, although the connection is not its own.
        await CompleteAsync(_m2, client, call2, Result(_m2, call2, "2"));
        Assert.Equal((1, 2), (await from1, await from2));
    }

    [Fact]
    public async Task A_client_that_ends_without_answering_fails_the_call_here()
    {
        var client = await _m1.ConnectAsync();
        var result = _m1.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [], default);
        await client.ExpectAsync("Add");
        client.Connection.Abort();
        await client.EndAsync(_m1.Manager);
        Assert.Equal($"Connection '{client.Id}' disconnected.", (await Assert.ThrowsAsync<IOException>(() => result)).Message);
    }

    [Fact]
    public async Task A_client_that_ends_without_answering_fails_the_call_on_another_replica()
    {
        var client = await _m2.ConnectAsync();
        var result = _m1.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [], default);
        await client.ExpectAsync("Add");
        client.Connection.Abort();
        await client.EndAsync(_m2.Manager);
        Assert.Equal("Connection disconnected.", (await Assert.ThrowsAsync<HubException>(() => result)).Message);
    }

    [Fact]
    public async Task A_call_fails_when_the_replica_that_holds_the_connection_dies()
    {
        var owner = await StartReplicaAsync();
        var client = await owner.ConnectAsync();
        var result = _m1.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [], default);
        await client.ExpectAsync("Add");
        await owner.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_call_fails_and_a_late_result_does_no_harm(bool across)
    {
        var (caller, owner) = (across ? _m2 : _m1, _m1);
        var client = await owner.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var result = caller.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [], cancel.Token);
        var call = await client.ExpectAsync("Add");
        await cancel.CancelAsync();
        Assert.Equal("Invocation canceled by the server.", (await Assert.ThrowsAsync<HubException>(() => result)).Message);
        await owner.Manager.SetConnectionResultAsync(client.Id, Result(owner, call, "1"));
        await Eventually.IsTrueAsync(() => !owner.Manager.TryGetReturnType(call.InvocationId!, out _), "the call is forgotten");
    }

    [Fact]
    public async Task A_result_of_the_wrong_type_from_another_replica_fails_the_call()
    {
        var client = await _m1.ConnectAsync();
        var result = _m2.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [], default);
        var call = await client.ExpectAsync("Add");
        await CompleteAsync(_m1, client, call, Result(_m1, call, "\"text\""));
        Assert.StartsWith("Error trying to deserialize result to Int32.", (await Assert.ThrowsAsync<HubException>(() => result)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_comes_after_what_was_sent_to_the_connection_before_it()
    {
        var client = await _m1.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            await _m1.Manager.SendConnectionAsync(client.Id, "Sent", [i]);
            var result = _m1.Manager.InvokeConnectionAsync<int>(client.Id, "Called", [i], default);
            await client.ExpectAsync("Sent", i);
            var call = await client.ExpectAsync("Called", i);
            await CompleteAsync(_m1, client, call, Result(_m1, call, "0"));
            await result;
        }
    }

    private static Task CompleteAsync(Replica replica, TestClient client, ReceivedMessage call, CompletionMessage completion)
    {
        Assert.True(replica.Manager.TryGetReturnType(call.InvocationId!, out _));
        return replica.Manager.SetConnectionResultAsync(client.Id, completion);
    }

    /// <summary>The completion as the hub's own dispatcher would read it from the wire: as the type that the manager names.</summary>
    private CompletionMessage Result(Replica replica, ReceivedMessage call, string json, string? protocol = null)
    {
        if (!replica.Manager.TryGetReturnType(call.InvocationId!, out var type))
            type = typeof(object);
        var reader = Both().Single(p => p.Name == (protocol ?? Protocol));
        var bytes = new ReadOnlySequence<byte>(
            reader is JsonHubProtocol
                ? Encoding.UTF8.GetBytes($$"""{"type":3,"invocationId":"{{call.InvocationId}}","result":{{json}}}""" + "\u001e")
                : Packed.Message($$"""[3,{},"{{call.InvocationId}}",3,{{json}}]"""));
        Assert.True(reader.TryParseMessage(ref bytes, new ReturnType(type), out var message));
        return Assert.IsType<CompletionMessage>(message);
    }

    private sealed class ReturnType(Type type) : IInvocationBinder
    {
        public Type GetReturnType(string invocationId) => type;

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [];

        public Type GetStreamItemType(string streamId) => typeof(object);
    }
}

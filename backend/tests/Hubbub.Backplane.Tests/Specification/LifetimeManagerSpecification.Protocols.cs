using System.Buffers;
using System.Text;
using System.Text.Json;
using Hubbub.Backplane.Resuming;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>What is written on the wire: the sender's JSON as it is, and each hub protocol in its own bytes.</summary>
public abstract partial class LifetimeManagerSpecification
{
    [Fact]
    public async Task The_senders_json_settings_hold_on_every_replica()
    {
        var camel = _m2;
        var snake = await StartReplicaAsync(protocols: [WithNames(JsonNamingPolicy.SnakeCaseLower)]);
        var asWritten = await StartReplicaAsync(protocols: [WithNames(null)]);
        var client = await _m1.ConnectAsync();

        await camel.Manager.SendAllAsync("Say", [new Naming("a")]);
        await snake.Manager.SendAllAsync("Say", [new Naming("b")]);
        await asWritten.Manager.SendAllAsync("Say", [new Naming("c")]);

        Assert.Equal("""[{"twoWords":"a"}]""", (await client.NextAsync()).Arguments);
        Assert.Equal("""[{"two_words":"b"}]""", (await client.NextAsync()).Arguments);
        Assert.Equal("""[{"TwoWords":"c"}]""", (await client.NextAsync()).Arguments);
    }

    [Fact]
    public async Task Each_connection_gets_its_own_hub_protocol()
    {
        var (m1, m2) = (await StartReplicaAsync(protocols: Both()), await StartReplicaAsync(protocols: Both()));
        var (json, framed) = (await m1.ConnectAsync("ann"), await m1.ConnectAsync("ann", protocol: new FramedProtocol()));
        await m2.Manager.SendAllAsync("All", [1]);
        await m2.Manager.SendUserAsync("ann", "User", ["é"]);
        await m1.Manager.SendConnectionsAsync([json.Id, framed.Id], "Connections", []);
        foreach (var client in new[] { json, framed })
        {
            await client.ExpectAsync("All", 1);
            await client.ExpectAsync("User", "é");
            await client.ExpectAsync("Connections");
        }
    }

    [Fact]
    public async Task A_result_in_another_hub_protocol_comes_back_to_another_replica()
    {
        var (m1, m2) = (await StartReplicaAsync(protocols: Both()), await StartReplicaAsync(protocols: Both()));
        var client = await m1.ConnectAsync(protocol: new FramedProtocol());
        var result = m2.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [3], default);
        var call = await client.ExpectAsync("Add", 3);
        Assert.True(m1.Manager.TryGetReturnType(call.InvocationId!, out var type));
        var answer = FramedProtocol.Frame(Encoding.UTF8.GetBytes($$"""{"type":3,"invocationId":"{{call.InvocationId}}","result":10}""" + "\u001e"));
        var bytes = new ReadOnlySequence<byte>(answer);
        Assert.True(new FramedProtocol().TryParseMessage(ref bytes, new ReturnType(type), out var completion));
        await m1.Manager.SetConnectionResultAsync(client.Id, Assert.IsType<CompletionMessage>(completion));
        Assert.Equal(10, await result);
    }

    [Fact]
    public async Task A_client_of_another_hub_protocol_can_resume_and_stays_when_it_is_told_its_position()
    {
        var (m1, m2) = (await StartReplicaAsync(Often, Both()), await StartReplicaAsync(Often, Both()));
        var client = await m1.ResumeAsync("", protocol: new FramedProtocol());
        var cursor = (await client.ExpectAsync("Resumed", new Resumption(false, 0, "new"))).Cursor;
        await client.EndAsync(m1.Manager);
        await m2.Manager.SendAllAsync("Missed", []);

        var back = await m2.ResumeAsync(cursor, protocol: new FramedProtocol());
        await back.ExpectAsync("Resumed", new Resumption(true, 1, null));
        await back.ExpectAsync("Missed");
        Assert.NotNull((await back.ExpectAsync("Cursor")).Cursor);
        Assert.False(back.Connection.ConnectionAborted.IsCancellationRequested);

        static void Often(BackplaneOptions options) => options.CursorInterval = TimeSpan.FromMilliseconds(200);
    }

    [Fact]
    public async Task A_replica_that_does_not_know_a_hub_protocol_yet_ends_only_the_connections_that_speak_it()
    {
        var (old, renewed) = (_m1, await StartReplicaAsync(protocols: Both()));
        var (json, framed) = (await renewed.ConnectAsync(), await renewed.ConnectAsync(protocol: new FramedProtocol()));
        await old.Manager.SendAllAsync("Say", []);
        await json.ExpectAsync("Say");
        await Eventually.IsTrueAsync(() => framed.Connection.ConnectionAborted.IsCancellationRequested, "it must not have a hole");
        await old.Manager.SendAllAsync("Say", []);
        await json.ExpectAsync("Say");
    }

    private static IHubProtocol[] Both() => [new JsonHubProtocol(), new FramedProtocol()];

    private static JsonHubProtocol WithNames(JsonNamingPolicy? policy) =>
        new(Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = { PropertyNamingPolicy = policy } }));

    private sealed record Naming(string TwoWords);
}

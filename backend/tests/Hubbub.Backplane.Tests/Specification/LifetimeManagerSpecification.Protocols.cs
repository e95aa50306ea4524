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
        var client = await _m1.ConnectAsync(protocol: "json");

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
        var (json, packed) = (await _m1.ConnectAsync("ann", protocol: "json"), await _m1.ConnectAsync("ann", protocol: "messagepack"));
        await _m2.Manager.SendAllAsync("All", [1]);
        await _m2.Manager.SendUserAsync("ann", "User", ["é"]);
        await _m1.Manager.SendConnectionsAsync([json.Id, packed.Id], "Connections", []);
        foreach (var client in new[] { json, packed })
        {
            await client.ExpectAsync("All", 1);
            await client.ExpectAsync("User", "é");
            await client.ExpectAsync("Connections");
        }
    }

    [Fact]
    public async Task A_result_in_another_hub_protocol_comes_back_to_another_replica()
    {
        var client = await _m1.ConnectAsync(protocol: "messagepack");
        var result = _m2.Manager.InvokeConnectionAsync<int>(client.Id, "Add", [3], default);
        var call = await client.ExpectAsync("Add", 3);
        await CompleteAsync(_m1, client, call, Result(_m1, call, "10", "messagepack"));
        Assert.Equal(10, await result);
    }

    [Fact]
    public async Task A_client_of_another_hub_protocol_can_resume_and_stays_when_it_is_told_its_position()
    {
        var (m1, m2) = (await StartReplicaAsync(Often), await StartReplicaAsync(Often));
        var client = await m1.ResumeAsync("", protocol: "messagepack");
        var cursor = (await client.ExpectAsync("Resumed", new Resumption(false, 0, "new"))).Cursor;
        await client.EndAsync(m1.Manager);
        await m2.Manager.SendAllAsync("Missed", []);

        var back = await m2.ResumeAsync(cursor, protocol: "messagepack");
        await back.ExpectAsync("Resumed", new Resumption(true, 1, null));
        await back.ExpectAsync("Missed");
        Assert.NotNull((await back.ExpectAsync("Cursor")).Cursor);
        Assert.False(back.Connection.ConnectionAborted.IsCancellationRequested);

        static void Often(BackplaneOptions options) => options.CursorInterval = TimeSpan.FromMilliseconds(200);
    }

    [Fact]
    public async Task A_replica_that_does_not_know_a_hub_protocol_yet_ends_only_the_connections_that_speak_it()
    {
        var (old, renewed) = (await StartReplicaAsync(protocols: new JsonHubProtocol()), _m1);
        var (json, packed) = (await renewed.ConnectAsync(protocol: "json"), await renewed.ConnectAsync(protocol: "messagepack"));
        await old.Manager.SendAllAsync("Say", []);
        await json.ExpectAsync("Say");
        await Eventually.IsTrueAsync(() => packed.Connection.ConnectionAborted.IsCancellationRequested, "it must not have a hole");
        await old.Manager.SendAllAsync("Say", []);
        await json.ExpectAsync("Say");
    }

    private static IHubProtocol[] Both() => [new JsonHubProtocol(), new MessagePackHubProtocol()];

    private static JsonHubProtocol WithNames(JsonNamingPolicy? policy) =>
        new(Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = { PropertyNamingPolicy = policy } }));

    /// <summary>Public, because MessagePack's own resolver takes no other types.</summary>
    public sealed record Naming(string TwoWords);
}

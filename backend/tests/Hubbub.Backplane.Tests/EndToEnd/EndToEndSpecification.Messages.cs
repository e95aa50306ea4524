using Hubbub.Backplane.Tests.Stores;
using Microsoft.AspNetCore.Http.Connections;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>Messages over every transport and both hub protocols.</summary>
public abstract partial class EndToEndSpecification
{
    /// <summary>Transport and hub protocol. Server-sent events are text only.</summary>
    public static TheoryData<HttpTransportType, string> Wires => new()
    {
        { HttpTransportType.WebSockets, "json" },
        { HttpTransportType.WebSockets, "messagepack" },
        { HttpTransportType.ServerSentEvents, "json" },
        { HttpTransportType.LongPolling, "json" },
        { HttpTransportType.LongPolling, "messagepack" },
    };

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task What_a_client_says_reaches_the_clients_of_both_replicas(HttpTransportType transport, string protocol)
    {
        await using var here = await ConnectAsync(_a, transport: transport, protocol: protocol);
        await using var there = await ConnectAsync(_b, transport: transport, protocol: protocol);
        await using var plain = await ConnectAsync(_b);
        await here.InvokeAsync("SayToAll", "Hello, é and \U0001F600");
        await there.InvokeAsync("SayToAll", "Hello yourself");
        foreach (var client in new[] { here, there, plain })
        {
            await client.ExpectAsync("Say", "Hello, é and \U0001F600");
            await client.ExpectAsync("Say", "Hello yourself");
        }
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_group_has_members_on_both_replicas(HttpTransportType transport, string protocol)
    {
        await using var member = await ConnectAsync(_a, transport: transport, protocol: protocol);
        await using var other = await ConnectAsync(_b, transport: transport, protocol: protocol);
        await using var outsider = await ConnectAsync(_b, transport: transport, protocol: protocol);
        await member.InvokeAsync("Enter", "g");
        await other.InvokeAsync("Enter", "g");
        await outsider.InvokeAsync("SayToGroup", "g", "Hello");
        await outsider.InvokeAsync("SayToAll", "Marker");
        await member.ExpectAsync("Say", "Hello");
        await other.ExpectAsync("Say", "Hello");
        await outsider.ExpectAsync("Say", "Marker");
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_user_is_reached_on_all_connections_and_on_those_that_are_left(HttpTransportType transport, string protocol)
    {
        await using var sender = await ConnectAsync(_b, query: "user=bob", transport: transport, protocol: protocol);
        await using var stays = await ConnectAsync(_a, query: "user=ann", transport: transport, protocol: protocol);
        await using var elsewhere = await ConnectAsync(_b, query: "user=ann", transport: transport, protocol: protocol);
        await using (var ends = await ConnectAsync(_a, query: "user=ann", transport: transport, protocol: protocol))
        {
            await sender.InvokeAsync("SayToUser", "ann", "All");
            await ends.ExpectAsync("Say", "All");
        }

        await sender.InvokeAsync("SayToUser", "ann", "Left");
        await sender.InvokeAsync("SayToUser", "bob", "Marker");
        foreach (var client in new[] { stays, elsewhere })
        {
            await client.ExpectAsync("Say", "All");
            await client.ExpectAsync("Say", "Left");
        }

        await sender.ExpectAsync("Say", "Marker");
    }

    [Theory]
    [InlineData("*")]
    [InlineData("gr?up")]
    [InlineData("[g]roup")]
    public async Task Names_that_look_like_patterns_are_names(string name)
    {
        await using var meant = await ConnectAsync(_a, query: $"user={Uri.EscapeDataString(name)}");
        await using var other = await ConnectAsync(_b, query: "user=group");
        await meant.InvokeAsync("Enter", name);
        await other.InvokeAsync("Enter", "group");
        await other.InvokeAsync("SayToGroup", name, "To the group");
        await other.InvokeAsync("SayToUser", name, "To the user");
        await meant.InvokeAsync("SayToGroup", "group", "Not to the group");
        await meant.InvokeAsync("SayToUser", "group", "Not to the user");
        await meant.InvokeAsync("SayToAll", "Marker");
        await meant.ExpectAsync("Say", "To the group");
        await meant.ExpectAsync("Say", "To the user");
        await meant.ExpectAsync("Say", "Marker");
        await other.ExpectAsync("Say", "Not to the group");
        await other.ExpectAsync("Say", "Not to the user");
        await other.ExpectAsync("Say", "Marker");
    }

    [Fact]
    public async Task Hubs_of_one_application_do_not_meet()
    {
        await using var talk = await ConnectAsync(_a, "talk");
        await using var typed = await ConnectAsync(_b, "typed");
        await talk.InvokeAsync("SayToAll", "Talk");
        await typed.InvokeAsync("SayToAll", "Typed");
        await talk.InvokeAsync("SayToAll", "Talk again");
        await talk.ExpectAsync("Say", "Talk");
        await talk.ExpectAsync("Say", "Talk again");
        await typed.ExpectAsync("Say", "Typed");
    }

    [Fact]
    public async Task A_connection_that_is_taken_up_again_has_kept_what_came_from_another_replica_meanwhile()
    {
        await using var line = new StallingProxy("127.0.0.1", _a.Url.Port);
        await using var client = await ConnectAsync(_a, throughPort: line.Port);
        await using var witness = await ConnectAsync(_a);
        await using var sender = await ConnectAsync(_b);
        var id = client.ConnectionId;
        await client.InvokeAsync("Enter", "g");
        await sender.InvokeAsync("SayToGroup", "g", "Before");
        await client.ExpectAsync("Say", "Before");

        // The client gets a new line at once, over which nothing comes yet.
        line.Stall();
        line.Cut();
        for (var i = 0; i < 5; i++)
            await sender.InvokeAsync("SayToGroup", "g", $"Meanwhile {i}");
        await sender.InvokeAsync("SayToAll", "Marker");
        await witness.ExpectAsync("Say", "Marker");

        line.Resume();
        for (var i = 0; i < 5; i++)
            await client.ExpectAsync("Say", $"Meanwhile {i}");
        await client.ExpectAsync("Say", "Marker");
        await client.InvokeAsync("SayToGroup", "g", "After");
        await client.ExpectAsync("Say", "After");
        Assert.Equal(id, client.ConnectionId);
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Hubbub.Server.Chat;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

public sealed class PresenceTests(ChatCluster cluster) : IClassFixture<ChatCluster>
{
    private static readonly string Lobby = ChatRooms.LobbyId.ToString();

    [Fact]
    public async Task The_first_device_brings_somebody_online_and_the_last_one_takes_them_offline()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        await using var watcher = await ada.ConnectAsync(0);

        var first = await bob.ConnectAsync(0);
        var entered = await watcher.Events.WaitForAsync("PersonEntered", e => IsOnlineOf(e, bob));
        Assert.Equal(Lobby, entered.Text("roomId"));
        Assert.Equal(bob.Name, entered.Text("userName"));
        Assert.True(await IsListedOnlineAsync(ada, bob));

        var second = await bob.ConnectAsync(1);
        await first.DisposeAsync();
        await SettledAsync(bob, connections: 1);
        Assert.True(await IsListedOnlineAsync(ada, bob));

        second.Abort();
        var left = await watcher.Events.WaitForAsync("PersonLeft", e => e.Text("userId") == bob.Id);
        Assert.True(left.Payload.GetProperty("isMember").GetBoolean());
        Assert.False(await IsListedOnlineAsync(ada, bob));
        await second.DisposeAsync();

        Assert.Single(watcher.Events.Of("PersonEntered"), e => IsOnlineOf(e, bob));
        Assert.Single(watcher.Events.Of("PersonLeft"), e => e.Text("userId") == bob.Id);
    }

    [Fact]
    public async Task Of_many_devices_that_come_and_go_at_once_on_two_replicas_one_arrival_and_one_departure_is_told()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        await using var watcher = await ada.ConnectAsync(1);

        var devices = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => bob.ConnectAsync(i % 2)));
        await watcher.Events.WaitForAsync("PersonEntered", e => IsOnlineOf(e, bob));
        await Task.WhenAll(devices.Select(device => device.DisposeAsync().AsTask()));
        await watcher.Events.WaitForAsync("PersonLeft", e => e.Text("userId") == bob.Id);

        // Somebody who comes later is told later, in every replica's queue.
        using var cleo = await cluster.NewPersonAsync();
        await using var here = await cleo.ConnectAsync(0);
        await watcher.Events.WaitForAsync("PersonEntered", e => IsOnlineOf(e, cleo));
        Assert.Single(watcher.Events.Of("PersonEntered"), e => IsOnlineOf(e, bob));
        Assert.Single(watcher.Events.Of("PersonLeft"), e => e.Text("userId") == bob.Id);
    }

    [Fact]
    public async Task Those_who_were_on_a_dead_replica_go_offline_when_its_lease_ends()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        await using var watcher = await ada.ConnectAsync(0);

        // What a replica leaves behind that was killed: a lease that nobody renews, and a connection that nobody takes back. It did not
        // even come to tell that bob was there; the others find out.
        await cluster.ExecuteAsync(
            $"""
            with dead as (
                insert into replicas (id, name, url, version, started_at, lease_until)
                values (gen_random_uuid(), 'dead', 'http://dead', '0', now(), now() + interval '1 hour') returning id)
            insert into connections (connection_id, replica_id, hub, user_id) select 'left behind', id, 'chatHub', '{bob.Id}' from dead
            """);
        await watcher.Events.WaitForAsync("PersonEntered", e => IsOnlineOf(e, bob));
        await cluster.ExecuteAsync("update replicas set lease_until = now() where name = 'dead'");

        var left = await watcher.Events.WaitForAsync("PersonLeft", e => e.Text("userId") == bob.Id);
        Assert.True(left.Payload.GetProperty("isMember").GetBoolean());
        Assert.Single(watcher.Events.Of("PersonLeft"), e => e.Text("userId") == bob.Id);
    }

    private static bool IsOnlineOf(HubEvent e, ChatPerson person) =>
        e.Text("userId") == person.Id && e.Payload.GetProperty("isOnline").GetBoolean();

    private static async Task<bool> IsListedOnlineAsync(ChatPerson viewer, ChatPerson person)
    {
        var answer = await viewer.Http(1).GetFromJsonAsync<JsonElement>($"/api/rooms/{Lobby}/people");
        return answer.GetProperty("people").EnumerateArray()
            .Single(p => p.GetProperty("userId").GetString() == person.Id).GetProperty("isOnline").GetBoolean();
    }

    private Task SettledAsync(ChatPerson person, long connections) =>
        Eventually.EqualAsync(connections, () => cluster.ScalarAsync($"select count(*) from chat_connections where user_id = '{person.Id}'"));
}

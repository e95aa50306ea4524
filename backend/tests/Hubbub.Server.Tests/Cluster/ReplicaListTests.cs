using System.Net.Http.Json;
using Dapper;
using Hubbub.Server.Cluster;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Cluster;

public sealed class ReplicaListTests
{
    // Long enough for a slow machine to renew, short enough to wait for.
    private static readonly Settings ShortLease = new() { ["Replica:Heartbeat"] = "00:00:00.200", ["Replica:Lease"] = "00:00:03" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_live_replicas_by_name_on_each_of_them()
    {
        await using var cluster = await TestCluster.StartAsync(2);

        foreach (var replica in new[] { cluster[0], cluster[1] })
        {
            var list = await replica.Http.GetFromJsonAsync<Replica[]>("/api/replicas", Stop);
            Assert.Equal(["a", "b"], list!.Select(r => r.Name));
            Assert.Equal([UrlOf(cluster[0]), UrlOf(cluster[1])], list!.Select(r => r.Url));
            Assert.All(list!, r => Assert.Equal("0.1.0", r.Version));
            Assert.All(list!, r => Assert.InRange(r.StartedAt, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(1)));
        }
    }

    [Fact]
    public async Task A_replica_that_dies_is_listed_until_its_lease_ends()
    {
        await using var cluster = await TestCluster.StartAsync(2, ShortLease);
        await cluster[1].KillAsync();

        // Its row is still there, and not for ever.
        await Eventually.EqualAsync("a", () => NamesAsync(cluster[0]));
        await using var connection = await cluster.Database.Source.OpenConnectionAsync(Stop);
        await Eventually.EqualAsync(1, () => connection.ExecuteScalarAsync<int>("select count(*) from replicas"));
    }

    [Fact]
    public async Task A_replica_that_is_stopped_is_gone_at_once()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster[1].StopAsync();
        Assert.Equal("a", await NamesAsync(cluster[0]));
    }

    [Fact]
    public async Task A_replica_that_dies_and_starts_again_under_its_name_and_address_is_listed_once()
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings { ["Replica:Lease"] = "00:10:00" });
        await using var connection = await cluster.Database.Source.OpenConnectionAsync(Stop);
        var old = await cluster.AddReplicaAsync();
        await old.KillAsync();
        await connection.ExecuteAsync(
            "insert into connections (connection_id, replica_id, hub, user_id) select 'old', id, 'chatHub', gen_random_uuid() from replicas where name = 'b'");

        await cluster.AddReplicaAsync(new Settings { ["Replica:Name"] = "b", ["Replica:PublicUrl"] = UrlOf(old) });

        Assert.Equal("a,b", await NamesAsync(cluster[0]));
        await Eventually.EqualAsync(0, () => connection.ExecuteScalarAsync<int>("select count(*) from connections"));
        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*) from replicas"));
    }

    [Fact]
    public async Task A_replica_without_settings_of_its_own_is_named_after_machine_and_port()
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings { ["Replica:Name"] = null });
        var me = Assert.Single((await cluster[0].Http.GetFromJsonAsync<Replica[]>("/api/replicas", Stop))!);

        Assert.EndsWith($"-{cluster[0].Url.Port}", me.Name, StringComparison.Ordinal);
        Assert.Equal(UrlOf(cluster[0]), me.Url);
    }

    private static string UrlOf(TestReplica replica) => replica.Url.GetLeftPart(UriPartial.Authority);

    private static async Task<string> NamesAsync(TestReplica replica) =>
        string.Join(',', (await replica.Http.GetFromJsonAsync<Replica[]>("/api/replicas", Stop))!.Select(r => r.Name));
}

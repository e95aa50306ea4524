using System.Collections.Concurrent;
using Dapper;
using Hubbub.Server.Cluster;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hubbub.Server.Tests.Cluster;

public sealed class ConnectionDirectoryTests
{
    private const string Hub = "chatHub";

    // A replica that does nothing by itself: what happens is up to the test.
    private static readonly Settings NoHeartbeat = new() { ["Replica:Heartbeat"] = "00:01:00", ["Replica:Lease"] = "00:10:00" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_is_seen_by_all_from_its_coming_to_its_going()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var user = Guid.NewGuid();
        await DirectoryOf(cluster[0]).AddAsync(Hub, "one", user, Stop);
        await DirectoryOf(cluster[0]).AddAsync(Hub, "two", user, Stop);
        Assert.Equal("one two", await LiveAsync(cluster));

        await DirectoryOf(cluster[0]).RemoveAsync("one");
        await DirectoryOf(cluster[0]).RemoveAsync("unknown");
        Assert.Equal("two", await LiveAsync(cluster));
    }

    [Fact]
    public async Task Connections_of_a_replica_that_dies_count_no_more_and_are_handed_over_once()
    {
        var lost = new LostConnections();
        await using var cluster = await TestCluster.StartAsync(3, NoHeartbeat, b => b.Services.AddSingleton<IConnectionsLost>(lost));
        var users = Enumerable.Range(0, 1200).Select(_ => Guid.NewGuid()).ToList();
        await Task.WhenAll(users.Select(u => DirectoryOf(cluster[2]).AddAsync(Hub, $"c{u}", u, Stop)));
        await DirectoryOf(cluster[0]).AddAsync(Hub, "stays", Guid.NewGuid(), Stop);
        await cluster[2].KillAsync();
        Assert.Equal(1201, (await LiveAsync(cluster)).Split(' ').Length);

        await EndLeaseAsync(cluster, "c");
        Assert.Equal("stays", await LiveAsync(cluster));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => HeartOf(cluster[i % 2]).BeatAsync(Stop)));

        Assert.Equal(users.Order(), lost.Seen.Select(c => c.UserId).Order());
        Assert.All(lost.Seen, c => Assert.Equal((Hub, $"c{c.UserId}"), (c.Hub, c.ConnectionId)));
        Assert.Equal("a b", await QueryAsync(cluster, "select string_agg(name, ' ' order by name) from replicas"));
    }

    [Fact]
    public async Task What_could_not_be_handed_over_is_handed_over_again()
    {
        var lost = new LostConnections { Failures = 1 };
        await using var cluster = await TestCluster.StartAsync(2, NoHeartbeat, b => b.Services.AddSingleton<IConnectionsLost>(lost));
        await DirectoryOf(cluster[1]).AddAsync(Hub, "one", Guid.NewGuid(), Stop);
        await cluster[1].KillAsync();
        await EndLeaseAsync(cluster, "b");

        await HeartOf(cluster[0]).BeatAsync(Stop);
        Assert.Empty(lost.Seen);
        await HeartOf(cluster[0]).BeatAsync(Stop);
        Assert.Equal("one", Assert.Single(lost.Seen).ConnectionId);
        await HeartOf(cluster[0]).BeatAsync(Stop);
        Assert.Single(lost.Seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_replica_that_was_paused_past_its_lease_takes_a_new_one_and_its_connections_count_again(bool wasSweptMeanwhile)
    {
        var lost = new LostConnections();
        await using var cluster = await TestCluster.StartAsync(2, NoHeartbeat, b => b.Services.AddSingleton<IConnectionsLost>(lost));
        var directory = DirectoryOf(cluster[0]);
        await directory.AddAsync(Hub, "stays", Guid.NewGuid(), Stop);
        await directory.AddAsync(Hub, "goes", Guid.NewGuid(), Stop);
        var lease = cluster[0].Services.GetRequiredService<ReplicaLease>();
        var first = lease.Id;

        await EndLeaseAsync(cluster, "a");
        if (wasSweptMeanwhile)
            await HeartOf(cluster[1]).BeatAsync(Stop);
        Assert.Equal(wasSweptMeanwhile ? 2 : 0, lost.Seen.Count);
        await directory.RemoveAsync("goes");
        Assert.Equal(string.Empty, await LiveAsync(cluster));

        await HeartOf(cluster[0]).BeatAsync(Stop);
        Assert.NotEqual(first, lease.Id);
        Assert.Equal("stays", await LiveAsync(cluster));

        await HeartOf(cluster[1]).BeatAsync(Stop);
        Assert.Equal("stays", await LiveAsync(cluster));
        Assert.Equal("a b", await QueryAsync(cluster, "select string_agg(name, ' ' order by name) from replicas"));
        Assert.Contains(cluster[0].Logs.Lines, l => l.Contains("lease had ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_comes_while_there_is_no_lease_waits_for_one()
    {
        await using var cluster = await TestCluster.StartAsync(1, NoHeartbeat);
        await EndLeaseAsync(cluster, "a");
        var adding = DirectoryOf(cluster[0]).AddAsync(Hub, "one", Guid.NewGuid(), Stop);
        await Eventually.TrueAsync(() => Task.FromResult(cluster[0].Services.GetRequiredService<ReplicaLease>().Id is null));
        Assert.False(adding.IsCompleted);

        await HeartOf(cluster[0]).BeatAsync(Stop);
        await adding;
        Assert.Equal("one", await LiveAsync(cluster));
    }

    [Fact]
    public async Task What_the_database_missed_while_it_was_away_is_put_right_by_a_heartbeat()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var link = new FlakyLink(database.ConnectionString);
        await using var replica = await TestReplica.StartAsync(
            new Settings { ["ConnectionStrings:Hubbub"] = link.ConnectionString, ["Replica:Name"] = "a", ["Replica:Heartbeat"] = "00:01:00", ["Replica:Lease"] = "00:10:00" });
        var directory = DirectoryOf(replica);
        await directory.AddAsync(Hub, "one", Guid.NewGuid(), Stop);
        await directory.AddAsync(Hub, "two", Guid.NewGuid(), Stop);

        link.Cut();
        await directory.RemoveAsync("one");
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => directory.AddAsync(Hub, "three", Guid.NewGuid(), Stop));
        await HeartOf(replica).BeatAsync(Stop);
        await using var connection = await database.Source.OpenConnectionAsync(Stop);
        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*) from live_connections"));

        link.Mend();
        await connection.ExecuteAsync("insert into connections (connection_id, replica_id, hub, user_id) select 'ghost', id, 'chatHub', gen_random_uuid() from replicas");
        await HeartOf(replica).BeatAsync(Stop);
        Assert.Equal("two", await connection.ExecuteScalarAsync<string>("select string_agg(connection_id, ' ') from live_connections"));
        Assert.False(directory.IsDoubtful);
    }

    [Fact]
    public async Task Comparing_rows_with_connections_that_come_and_go_meanwhile_ends_in_what_is_open()
    {
        await using var cluster = await TestCluster.StartAsync(1, NoHeartbeat);
        var directory = DirectoryOf(cluster[0]);
        var lease = cluster[0].Services.GetRequiredService<ReplicaLease>().Id!.Value;
        var changing = Enumerable.Range(0, 8).Select(async worker =>
        {
            for (var i = 0; i < 25; i++)
            {
                await directory.AddAsync(Hub, $"c{worker}", Guid.NewGuid(), Stop);
                if (i < 24 || worker % 2 == 0)
                    await directory.RemoveAsync($"c{worker}");
            }
        }).ToList();
        var all = Task.WhenAll(changing);
        while (!all.IsCompleted)
            await directory.ReconcileAsync(lease, Stop);
        await all;
        await directory.ReconcileAsync(lease, Stop);

        Assert.Equal("c1 c3 c5 c7", await LiveAsync(cluster));
    }

    [Fact]
    public async Task What_a_stopping_replica_still_has_is_left_for_others_to_sweep()
    {
        var lost = new LostConnections();
        await using var cluster = await TestCluster.StartAsync(2, NoHeartbeat, b => b.Services.AddSingleton<IConnectionsLost>(lost));
        await DirectoryOf(cluster[1]).AddAsync(Hub, "one", Guid.NewGuid(), Stop);
        await cluster[1].StopAsync();
        Assert.Equal(string.Empty, await LiveAsync(cluster));

        await HeartOf(cluster[0]).BeatAsync(Stop);
        Assert.Single(lost.Seen);
    }

    private static ConnectionDirectory DirectoryOf(TestReplica replica) => replica.Services.GetRequiredService<ConnectionDirectory>();

    private static ReplicaHeartbeat HeartOf(TestReplica replica) => replica.Services.GetRequiredService<ReplicaHeartbeat>();

    private static async Task EndLeaseAsync(TestCluster cluster, string name) =>
        await QueryAsync(cluster, $"update replicas set lease_until = now() where name = '{name}' returning name");

    private static Task<string> LiveAsync(TestCluster cluster) =>
        QueryAsync(cluster, "select string_agg(connection_id, ' ' order by connection_id) from live_connections");

    private static async Task<string> QueryAsync(TestCluster cluster, string sql)
    {
        await using var connection = await cluster.Database.Source.OpenConnectionAsync(Stop);
        return await connection.ExecuteScalarAsync<string>(sql) ?? string.Empty;
    }

    private sealed class LostConnections : IConnectionsLost
    {
        public ConcurrentBag<TrackedConnection> Seen { get; } = [];

        public int Failures { get; set; }

        public Task ConnectionsLostAsync(IReadOnlyList<TrackedConnection> connections, CancellationToken cancellationToken)
        {
            if (Failures-- > 0)
                throw new InvalidOperationException("Not now");
            foreach (var connection in connections)
                Seen.Add(connection);
            return Task.CompletedTask;
        }
    }
}

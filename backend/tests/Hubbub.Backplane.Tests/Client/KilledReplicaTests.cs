using System.Collections.Concurrent;
using Hubbub.Backplane.Client;
using Hubbub.Backplane.Tests.Stores;
using Hubbub.Backplane.Tests.Stores.Postgres;
using Hubbub.Backplane.Tests.Stores.Redis;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Backplane.Tests.Client;

/// <summary>Two replicas in processes of their own, of which those that clients are on are killed while others talk.</summary>
public sealed class KilledReplicaTests(RedisKeyspace keyspace, PostgresDatabase database)
    : IClassFixture<RedisKeyspace>, IClassFixture<PostgresDatabase>
{
    private const int Messages = 300;

    [Theory]
    [InlineData("redis", "json")]
    [InlineData("redis", "messagepack")]
    [InlineData("postgres", "json")]
    [InlineData("postgres", "messagepack")]
    public async Task Everything_arrives_once_and_in_order_although_the_clients_replica_is_killed(string store, string protocol)
    {
        var prefix = $"{keyspace.Prefix}{store}-{protocol}:";
        await using var a = await StartAsync(store, prefix);
        await using var b = await StartAsync(store, prefix);
        var (position, seen, answers) = (new ResumePosition(), new ConcurrentQueue<int>(), new ConcurrentQueue<Resumption>());
        await using var client = Build(protocol, [a.Hub, b.Hub], position);
        client.On<int>("Say", seen.Enqueue);
        client.OnResumed(answer =>
        {
            answers.Enqueue(answer);
            return Task.CompletedTask;
        });
        await client.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => answers.Count == 1, "the server answers");
        var id = client.ConnectionId;

        var (doomed, other) = position.Replica == a.Hub ? (a, b) : (b, a);
        await using var sender = new HubConnectionBuilder().WithUrl(other.Hub).Build();
        await sender.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < Messages; i++)
        {
            await sender.InvokeAsync("Say", i, TestContext.Current.CancellationToken);
            if (i == Messages / 3)
                await doomed.KillAsync();
        }

        await Eventually.IsTrueAsync(() => seen.Count >= Messages, $"all {Messages} arrive");
        Assert.Equal(Enumerable.Range(0, Messages), seen);
        Assert.Equal(["new", null], answers.Select(answer => answer.Reason));
        Assert.Equal(other.Hub, position.Replica);
        Assert.NotEqual(id, client.ConnectionId);
    }

    private static HubConnection Build(string protocol, Uri[] hubs, ResumePosition position)
    {
        var builder = new HubConnectionBuilder().WithResume(hubs, configure: resume => resume.Position = position);
        return protocol == "json" ? builder.Build() : builder.AddMessagePackProtocol().Build();
    }

    private Task<ReplicaProcess> StartAsync(string store, string prefix) =>
        ReplicaProcess.StartAsync(store, store == "redis" ? Requirement.Redis : database.ConnectionString, prefix);
}

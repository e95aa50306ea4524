using System.Globalization;
using Hubbub.Backplane.Stores.Redis;
using Hubbub.Backplane.Tests.Support;
using static Hubbub.Backplane.Tests.Stores.LogTestExtensions;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>The store over a Redis Cluster of three nodes.</summary>
public sealed class RedisClusterTests : IAsyncLifetime
{
    private const int Slots = 16_384;

    private readonly List<RedisProcess> _nodes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
            _nodes.Add(await RedisProcess.StartAsync("--cluster-enabled", "yes", "--cluster-node-timeout", "5000"));
        for (var i = 0; i < 3; i++)
        {
            await _nodes[i].CommandAsync("CLUSTER", "ADDSLOTSRANGE", i * Slots / 3, ((i + 1) * Slots / 3) - 1);
            await _nodes[i].CommandAsync("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
        }

        foreach (var node in _nodes.Skip(1))
            await _nodes[0].CommandAsync("CLUSTER", "MEET", "127.0.0.1", node.Port);
        foreach (var node in _nodes)
        {
            await Eventually.IsTrueAsync(
                async () => (string)(await node.CommandAsync("CLUSTER", "INFO"))! is var info
                    && info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_known_nodes:3", StringComparison.Ordinal),
                "the cluster stands");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Streams_on_all_nodes_are_appended_to_read_trimmed_and_notified_of()
    {
        await using var log = CreateLog();
        var streams = Enumerable.Range(0, 12).Select(i => string.Create(CultureInfo.InvariantCulture, $"stream{i}")).ToList();
        var bells = streams.ToDictionary(stream => stream, _ => new Bell(), StringComparer.Ordinal);
        var subscriptions = streams.Select(stream => log.Subscribe(stream, bells[stream].Ring)).ToList();
        foreach (var stream in streams)
            await Eventually.IsTrueAsync(() => bells[stream].Count > 0, "it listens");

        foreach (var stream in streams)
        {
            await log.AppendAsync(stream, "p", 1, Record("a", "k"), Record("b"));
            await log.TrimAsync(stream, 1, Token);
            Assert.Equal(["b"], await log.ReadAllAsync(stream));
            var extent = await log.OpenAsync(stream, Token);
            Assert.NotEqual(extent.Epoch, (await log.ReplaceEpochAsync(stream, extent.Epoch, Token)).Epoch);
            await Eventually.IsTrueAsync(() => bells[stream].Last is { Entries.Count: 2 }, $"{stream} is notified");
        }

        subscriptions.ForEach(s => s.Dispose());
        var homes = await Task.WhenAll(streams.Select(async stream => (await log.OpenAsync(stream, Token)).Incarnation));
        Assert.Equal(3, homes.Distinct().Count());
    }

    [Fact]
    public async Task A_stream_that_moves_to_another_node_is_followed()
    {
        const string stream = "stream";
        await using var log = CreateLog();
        var before = await log.AppendAsync(stream, "p", 1, Record("a", "k"));
        var key = "hubbub:{" + stream + "}:";
        var slot = (int)await _nodes[0].CommandAsync("CLUSTER", "KEYSLOT", key + "meta");
        var from = _nodes[slot * 3 / Slots];
        var to = _nodes.First(node => node != from);
        var (fromId, toId) = ((string)(await from.CommandAsync("CLUSTER", "MYID"))!, (string)(await to.CommandAsync("CLUSTER", "MYID"))!);

        // The old node has the slot still, but no longer the keys: it answers ASK.
        await to.CommandAsync("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
        await from.CommandAsync("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
        await from.CommandAsync("MIGRATE", "127.0.0.1", to.Port, "", 0, 5000, "KEYS", key + "meta", key + "log", key + "keys");
        var asked = await Eventually.AvailableAsync(() => log.AppendAsync(stream, "p", 2, Record("b", "l")));
        Assert.Equal(before with { Tail = 2, Incarnation = asked.Incarnation }, asked);
        Assert.NotEqual(before.Incarnation, asked.Incarnation);

        // Now it answers MOVED.
        foreach (var node in new[] { to, from })
            await node.CommandAsync("CLUSTER", "SETSLOT", slot, "NODE", toId);
        Assert.Equal(asked with { Tail = 3 }, await Eventually.AvailableAsync(() => log.AppendAsync(stream, "p", 3, "c")));
        Assert.Equal(["a", "b", "c"], await Eventually.AvailableAsync(() => new ValueTask<List<string>>(log.ReadAllAsync(stream))));
    }

    private RedisMessageLog CreateLog() => _nodes[0].CreateLog();
}

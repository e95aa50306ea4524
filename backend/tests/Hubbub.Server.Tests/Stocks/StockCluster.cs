using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Hubbub.Backplane.Log;
using Hubbub.Server.Tests.Chat;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Server.Tests.Stocks;

/// <summary>Replicas with a market that ticks fast, and somebody who may command it.</summary>
internal sealed class StockCluster : IAsyncDisposable
{
    private readonly TestCluster _cluster;
    private Person? _admin;

    private StockCluster(TestCluster cluster) => _cluster = cluster;

    public TestReplica this[int index] => _cluster[index];

    public TestDatabase Database => _cluster.Database;

    /// <summary>The log of a replica.</summary>
    public FaultyLog Log(int index) => (FaultyLog)_cluster[index].Services.GetRequiredService<IMessageLog>();

    public static async Task<StockCluster> StartAsync(int replicas, Settings? settings = null)
    {
        var all = new Settings
        {
            ["Stocks:TickInterval"] = "00:00:00.050",
            ["Accounts:SeedAdmin"] = "true",
            ["Accounts:AdminPassword"] = Person.Password,
            ["Backplane:PublishBudget"] = "00:00:05",
        };
        foreach (var (key, value) in settings ?? [])
            all[key] = value;
        return new StockCluster(await TestCluster.StartAsync(replicas, all, PutFaultyLog));
    }

    public Task<TestReplica> AddReplicaAsync(Settings? settings = null) => _cluster.AddReplicaAsync(settings);

    /// <summary>The administrator, whose token is good at every replica.</summary>
    public async Task<Person> AdminAsync(int replica = 0) => _admin ??= await _cluster[replica].LoginAsync("admin");

    /// <summary>Opens the board.</summary>
    public async Task<HubClient> WatchAsync(int replica, Person? person = null)
    {
        var hub = await HubClient.ConnectAsync(
            new Uri(_cluster[replica].Url, "/stockTickerHub"), (person ?? await AdminAsync(replica)).AccessToken);
        await hub.EnteredAsync();
        return hub;
    }

    /// <summary>Asks a replica over HTTP.</summary>
    public async Task<JsonElement> GetAsync(int replica, string path)
    {
        using var client = (await AdminAsync(replica)).On(_cluster[replica]);
        return await client.GetFromJsonAsync<JsonElement>(path);
    }

    /// <summary>The ticks that a replica gives out.</summary>
    public async Task<IReadOnlyList<JsonElement>> TicksAsync(int replica, long after = 0)
    {
        var page = await GetAsync(replica, string.Create(CultureInfo.InvariantCulture, $"/api/stocks/ticks?after={after}&limit=1000"));
        return [.. page.GetProperty("ticks").EnumerateArray()];
    }

    /// <summary>The last tick, from the database.</summary>
    public Task<long> SequenceAsync() => ScalarAsync("select sequence from market");

    /// <summary>Waits until there are so many ticks more.</summary>
    public async Task TickOnAsync(int ticks = 5)
    {
        var goal = await SequenceAsync() + ticks;
        await Eventually.TrueAsync(async () => await SequenceAsync() >= goal);
    }

    /// <summary>The replica that leads, by its name.</summary>
    public async Task<string> LeaderAsync()
    {
        await using var command = Database.Source.CreateCommand("select coalesce((select replica from leaderships where office = 'market'), '')");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The index of the replica that leads, of those that are called <c>a</c>, <c>b</c>, …</summary>
    public async Task<int> LeaderIndexAsync()
    {
        await Eventually.TrueAsync(async () => (await LeaderAsync()).Length > 0);
        return (await LeaderAsync())[0] - 'a';
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> ScalarAsync(string sql)
    {
        await using var command = Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// Checks the whole recording: numbers from 1 without a hole, terms and times that do not fall, and each price one step from the one before.
    /// </summary>
    public async Task<IReadOnlyList<JsonElement>> CheckRecordingAsync(int replica)
    {
        var ticks = new List<JsonElement>();
        while (await TicksAsync(replica, ticks.Count) is { Count: > 0 } page)
            ticks.AddRange(page);
        Assert.Equal(Enumerable.Range(1, ticks.Count), ticks.Select(t => t.GetProperty("sequence").GetInt32()));
        Assert.Equal(ticks.Select(TermOf).Where(t => t > 0).Order(), ticks.Select(TermOf).Where(t => t > 0));
        Assert.Equal(ticks.Select(TimeOf).Order(), ticks.Select(TimeOf));
        var last = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var tick in ticks.Where(t => TermOf(t) > 0 || last.Count == 0))
        {
            foreach (var price in tick.GetProperty("prices").EnumerateArray())
            {
                var (symbol, now) = (price.GetProperty("symbol").GetString()!, price.GetProperty("price").GetDecimal());
                if (last.TryGetValue(symbol, out var before) && tick.GetProperty("prices").GetArrayLength() < last.Count)
                    Assert.InRange(Math.Abs(now - before), 0.01m, Math.Max(0.01m, before * 0.0041m));
                last[symbol] = now;
            }
        }

        return ticks;
    }

    /// <summary>Checks that the board was called for each tick in turn, and returns the numbers.</summary>
    public static IReadOnlyList<long> CheckUpdates(HubClient hub)
    {
        var sequences = hub.Events.Of("UpdateStockPrices").Select(SequenceOf).ToList();
        Assert.NotEmpty(sequences);
        Assert.Equal(Enumerable.Range(0, sequences.Count).Select(i => sequences[0] + i), sequences);
        return sequences;
    }

    /// <summary>The tick of an update; all its prices have the same.</summary>
    public static long SequenceOf(HubEvent update) =>
        update.Payload.EnumerateArray().Select(p => p.GetProperty("sequence").GetInt64()).Distinct().Single();

    public static long TermOf(JsonElement tick) => tick.GetProperty("term").GetInt64();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static DateTimeOffset TimeOf(JsonElement tick) => tick.GetProperty("tickedAt").GetDateTimeOffset();

    private static void PutFaultyLog(WebApplicationBuilder builder) =>
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) =>
        {
            var store = services.Last(service => service.ServiceType == typeof(IMessageLog)).ImplementationFactory!;
            services.AddSingleton<IMessageLog>(provider => new FaultyLog((IMessageLog)store(provider)));
        });
}

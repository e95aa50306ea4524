using Microsoft.AspNetCore.Builder;

namespace Hubbub.Server.Tests.Harness;

/// <summary>Replicas in this process, on ports of their own, over one database.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestReplica> _replicas = [];
    private readonly Settings _settings;
    private readonly Action<WebApplicationBuilder>? _configure;
    private readonly Action<WebApplication>? _map;

    private TestCluster(TestDatabase database, Settings settings, Action<WebApplicationBuilder>? configure, Action<WebApplication>? map)
    {
        Database = database;
        _settings = settings;
        _configure = configure;
        _map = map;
    }

    /// <summary>The database of all replicas.</summary>
    public TestDatabase Database { get; }

    /// <summary>Those that run, or ran: <c>a</c>, <c>b</c>, …</summary>
    public TestReplica this[int index] => _replicas[index];

    /// <summary>Starts so many replicas at once and waits until all are ready.</summary>
    /// <param name="replicas">How many, also none.</param>
    /// <param name="settings">Settings of all of them, which win over the harness's own.</param>
    /// <param name="configure">Adds services to all of them.</param>
    /// <param name="map">Adds endpoints to all of them.</param>
    public static async Task<TestCluster> StartAsync(
        int replicas, Settings? settings = null, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        var cluster = new TestCluster(await TestDatabase.CreateAsync(), settings ?? [], configure, map);
        try
        {
            var started = await Task.WhenAll(Enumerable.Range(0, replicas).Select(i => cluster.CreateReplicaAsync(NameOf(i), [])));
            cluster._replicas.AddRange(started);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more replica.</summary>
    /// <param name="settings">Settings of this one, which win over all others.</param>
    public async Task<TestReplica> AddReplicaAsync(Settings? settings = null)
    {
        var replica = await CreateReplicaAsync(NameOf(_replicas.Count), settings ?? []);
        _replicas.Add(replica);
        return replica;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(r => r.DisposeAsync().AsTask()));
        await Database.DisposeAsync();
    }

    private static string NameOf(int index) => ((char)('a' + index)).ToString();

    private Task<TestReplica> CreateReplicaAsync(string name, Settings settings)
    {
        var all = new Settings { ["ConnectionStrings:Hubbub"] = Database.ConnectionString, ["Replica:Name"] = name };
        foreach (var (key, value) in _settings.Concat(settings))
            all[key] = value;
        return TestReplica.StartAsync(all, _configure, _map);
    }
}

/// <summary>Configuration keys, <c>Section:Key</c>, and values.</summary>
internal sealed class Settings : Dictionary<string, string?>
{
    public Settings()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    public Settings(Settings others)
        : base(others, StringComparer.OrdinalIgnoreCase)
    {
    }
}

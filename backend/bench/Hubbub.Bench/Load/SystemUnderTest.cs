using System.Globalization;

namespace Hubbub.Bench.Load;

/// <summary>The servers of one system: one process of plain SignalR, or replicas on a backplane.</summary>
internal sealed class SystemUnderTest : IAsyncDisposable
{
    private readonly bool _isRaw;

    private SystemUnderTest(string name, IReadOnlyList<ServerProcess> servers, bool isRaw)
    {
        _isRaw = isRaw;
        Name = name;
        Servers = servers;
    }

    public string Name { get; }

    public IReadOnlyList<ServerProcess> Servers { get; }

    public TimeSpan Cpu => Servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.Cpu);

    public long Resident => Servers.Sum(server => server.Resident);

    public static async Task<SystemUnderTest> StartAsync(Arguments arguments, string name)
    {
        // A stream of its own for each run, so that runs do not see each other's records.
        var own = arguments.With("prefix", "bench-" + Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture)[..8] + ":");
        var servers = new List<ServerProcess>();
        for (var i = 0; i < (name is "plain" or "memory" ? 1 : arguments.Number("replicas", 2)); i++)
            servers.Add(await ServerProcess.StartAsync(own, name));
        return new SystemUnderTest(name, servers, isRaw: arguments.Text("clients", "signalr") == "raw");
    }

    /// <summary>How long the servers have compiled so far, all together.</summary>
    public async Task<TimeSpan> CompilationTimeAsync()
    {
        var sum = TimeSpan.Zero;
        foreach (var server in Servers)
            sum += await server.CompilationTimeAsync();
        return sum;
    }

    /// <summary>The names given with <c>--systems</c>.</summary>
    public static string[] Names(Arguments arguments) => arguments.Text("systems", "plain,redis,microsoft").Split(',');

    /// <summary>Connects clients, spread over the servers in turn.</summary>
    public async Task<List<ILoadClient>> ConnectAsync(int count, Func<int, string> roomOf)
    {
        var clients = new List<ILoadClient>(count);
        for (var i = 0; i < count; i++)
        {
            var port = Servers[i % Servers.Count].Port;
            clients.Add(_isRaw ? await LoadClient.ConnectedAsync(port, roomOf(i)) : await SignalRLoadClient.ConnectedAsync(port, roomOf(i)));
        }

        return clients;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
            await server.DisposeAsync();
    }
}

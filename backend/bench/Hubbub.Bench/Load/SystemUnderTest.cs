using System.Globalization;

namespace Hubbub.Bench.Load;

/// <summary>The servers of one system: one process of plain SignalR, or two replicas on the log backplane.</summary>
internal sealed class SystemUnderTest : IAsyncDisposable
{
    private SystemUnderTest(string name, IReadOnlyList<ServerProcess> servers)
    {
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
        for (var i = 0; i < (name is "plain" or "memory" ? 1 : 2); i++)
            servers.Add(await ServerProcess.StartAsync(own, name));
        return new SystemUnderTest(name, servers);
    }

    /// <summary>The names given with <c>--systems</c>.</summary>
    public static string[] Names(Arguments arguments) => arguments.Text("systems", "plain,redis").Split(',');

    /// <summary>Connects clients, spread over the servers in turn.</summary>
    public async Task<List<LoadClient>> ConnectAsync(int count, Func<int, string> roomOf)
    {
        var clients = new List<LoadClient>(count);
        for (var i = 0; i < count; i++)
        {
            var client = new LoadClient();
            await client.ConnectAsync(Servers[i % Servers.Count].Port, roomOf(i));
            clients.Add(client);
        }

        return clients;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
            await server.DisposeAsync();
    }
}

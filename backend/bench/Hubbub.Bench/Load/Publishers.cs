using System.Diagnostics;

namespace Hubbub.Bench.Load;

/// <summary>Connections that publish at a fixed total rate, whatever the servers do: a server that is late does not slow them down.</summary>
internal sealed class Publishers : IAsyncDisposable
{
    private readonly List<ILoadClient> _clients;

    private Publishers(List<ILoadClient> clients) => _clients = clients;

    public static async Task<Publishers> ConnectAsync(SystemUnderTest system, int count) => new(await system.ConnectAsync(count, _ => ""));

    /// <summary>Publishes for a time. Returns how many messages were sent.</summary>
    public async Task<long> RunAsync(double rate, TimeSpan time, int bytes, Func<long, string> roomOf)
    {
        var start = Stopwatch.GetTimestamp();
        var sent = 0L;
        while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < time)
        {
            var due = (long)(elapsed.TotalSeconds * rate);
            for (; sent < due; sent++)
                await _clients[(int)(sent % _clients.Count)].PublishAsync(roomOf(sent), bytes);
            await Task.Delay(1);
        }

        return sent;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
    }
}

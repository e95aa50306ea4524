using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>What a connection that does nothing costs in memory.</summary>
internal static class IdleScenario
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var connections = arguments.Number("connections", 4000);
        Console.WriteLine($"{connections} idle connections, each in one room");
        Console.WriteLine($"{"system",-10} {"heap KiB each",14} {"resident KiB each",18}");
        var heaps = new Dictionary<string, double>();
        foreach (var name in SystemUnderTest.Names(arguments))
        {
            await using var system = await SystemUnderTest.StartAsync(arguments, name);
            var warm = await system.ConnectAsync(200, _ => "warm");
            foreach (var client in warm)
                await client.DisposeAsync();
            var heap = await HeapAsync(system);
            var resident = system.Resident;
            var clients = await system.ConnectAsync(connections, _ => "room");
            var (heapAfter, residentAfter) = (await HeapAsync(system), system.Resident);
            heaps[name] = heapAfter - heap;
            Console.WriteLine(FormattableString.Invariant(
                $"{name,-10} {(heapAfter - heap) / 1024.0 / connections,14:f2} {(residentAfter - resident) / 1024.0 / connections,18:f2}"));
            foreach (var client in clients)
                await client.DisposeAsync();
        }

        foreach (var other in heaps.Keys.Where(name => name is "plain" or "microsoft"))
        {
            foreach (var name in heaps.Keys.Where(name => name != other))
                Console.WriteLine(FormattableString.Invariant($"{name} / {other}: heap {heaps[name] / heaps[other]:f2}"));
        }

        return 0;
    }

    private static async Task<long> HeapAsync(SystemUnderTest system)
    {
        var sum = 0L;
        foreach (var server in system.Servers)
            sum += await server.CollectAsync();
        return sum;
    }
}

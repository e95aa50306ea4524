using System.Diagnostics;
using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>All clients lose their connection, miss messages and come back at once.</summary>
internal static class StormScenario
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var connections = arguments.Number("connections", 1000);
        var missed = arguments.Number("missed", 100);
        Console.WriteLine($"{connections} clients come back at once, each has missed {missed} messages");
        Console.WriteLine($"{"system",-10} {"seconds",9} {"replayed/s",11} {"resumed",9}");
        var failed = 0;
        foreach (var name in SystemUnderTest.Names(arguments).Where(n => n is not ("plain" or "microsoft")))
        {
            await using var system = await SystemUnderTest.StartAsync(arguments, name);
            await using var first = new LoadClient();
            await first.ConnectAsync(system.Servers[0].Port, "room", cursor: "");
            await first.Resumed;
            var cursor = first.Cursor;
            await using var publishers = await Publishers.ConnectAsync(system, 1);
            while (first.Received < missed)
                await publishers.RunAsync(missed, TimeSpan.FromSeconds(1), 100, _ => "room");
            var published = first.Received;

            var start = Stopwatch.GetTimestamp();
            var clients = Enumerable.Range(0, connections).Select(_ => new LoadClient()).ToList();
            await Parallel.ForEachAsync(
                clients.Index(), (c, _) => new ValueTask(c.Item.ConnectAsync(system.Servers[c.Index % system.Servers.Count].Port, "room", cursor)));
            var answers = await Task.WhenAll(clients.Select(c => c.Resumed));
            while (clients.Any(c => c.Received < published) && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1))
                await Task.Delay(5);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var resumed = answers.Count(a => a.Contains("\"resumed\":true", StringComparison.Ordinal));
            failed += clients.Count(c => c.Received != published);
            Console.WriteLine(FormattableString.Invariant($"{name,-10} {seconds,9:f2} {connections * published / seconds,11:f0} {resumed,9}"));
            foreach (var client in clients)
                await client.DisposeAsync();
        }

        return failed == 0 ? 0 : 1;
    }
}

using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>One room with many in it: what each delivery costs the servers, and how many there can be.</summary>
internal static class RoomScenario
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var connections = arguments.Number("connections", 500);
        var rate = arguments.Number("rate", 40);
        var shape = new LoadShape(connections, arguments.Number("bytes", 100), TimeSpan.FromSeconds(arguments.Number("seconds", 10)), _ => "room");
        Table.Head($"one room of {connections}, {shape.Bytes} bytes");
        foreach (var name in SystemUnderTest.Names(arguments))
        {
            await using var system = await SystemUnderTest.StartAsync(arguments, name);
            var subscribers = await system.ConnectAsync(connections, _ => "room");
            await using var publishers = await Publishers.ConnectAsync(system, 4);
            Table.Row(name, "fixed", await Measurement.RunAsync(system, subscribers, publishers, shape, rate));
            Table.Row(name, "highest", await Measurement.HighestAsync(system, subscribers, publishers, shape, rate * 2));
            foreach (var subscriber in subscribers)
                await subscriber.DisposeAsync();
        }

        return 0;
    }
}

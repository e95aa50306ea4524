using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>One of many stops reading: what the others notice of it.</summary>
internal static class StalledScenario
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var connections = arguments.Number("connections", 300);
        var rate = arguments.Number("rate", 40);
        var shape = new LoadShape(connections, arguments.Number("bytes", 1000), TimeSpan.FromSeconds(arguments.Number("seconds", 10)), _ => "room");
        Table.Head($"one room of {connections}, {shape.Bytes} bytes; 'stalled': and one more that does not read");
        foreach (var name in SystemUnderTest.Names(arguments))
        {
            await using var system = await SystemUnderTest.StartAsync(arguments, name);
            var subscribers = await system.ConnectAsync(connections, _ => "room");
            await using var publishers = await Publishers.ConnectAsync(system, 4);

            // In turn, several times: the machine's own mood must not look like an effect.
            for (var round = 0; round < 3; round++)
            {
                Table.Row(name, "without", await Measurement.RunAsync(system, subscribers, publishers, shape, rate));
                await using var stalled = new LoadClient();
                await stalled.ConnectAsync(system.Servers[0].Port, "room", isReading: false);
                Table.Row(name, "stalled", await Measurement.RunAsync(system, subscribers, publishers, shape, rate));
            }

            foreach (var subscriber in subscribers)
                await subscriber.DisposeAsync();
        }

        return 0;
    }
}

using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>One of many stops reading: what the others notice of it.</summary>
internal static class StalledScenario
{
    private const int Rounds = 9;

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var connections = arguments.Number("connections", 300);
        var rate = arguments.Number("rate", 40);
        var shape = new LoadShape(connections, arguments.Number("bytes", 1000), TimeSpan.FromSeconds(arguments.Number("seconds", 10)), _ => "room");
        Table.Head($"one room of {connections}, {shape.Bytes} bytes; 'stalled': one of them does not read");
        foreach (var name in SystemUnderTest.Names(arguments))
        {
            await using var system = await SystemUnderTest.StartAsync(arguments, name);
            var subscribers = await system.ConnectAsync(connections - 1, _ => "room");
            await using var publishers = await Publishers.ConnectAsync(system, 4);
            await publishers.RunAsync(rate, TimeSpan.FromSeconds(15), shape.Bytes, shape.RoomOf);

            // In turn, several times: the machine's own mood must not look like an effect.
            var (without, stalled) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                await MeasureAsync("without", isReading: true, without);
                await MeasureAsync("stalled", isReading: false, stalled);
            }

            Console.WriteLine(FormattableString.Invariant(
                $"{name}: p99 of the others {Median.Of(without):f1} ms, with one stalled {Median.Of(stalled):f1} ms, {Median.Of(stalled) / Median.Of(without):f2} times"));
            foreach (var subscriber in subscribers)
                await subscriber.DisposeAsync();

            async Task MeasureAsync(string run, bool isReading, List<double> percentiles)
            {
                await using var last = new LoadClient();
                await last.ConnectAsync(system.Servers[0].Port, "room", isReading: isReading);
                var measured = await Measurement.RunAsync(system, subscribers, publishers, shape, rate);
                Table.Row(name, run, measured);
                percentiles.Add(measured.Latencies.Percentile(.99));
            }
        }

        return 0;
    }
}

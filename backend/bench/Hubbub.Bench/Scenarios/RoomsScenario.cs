using System.Globalization;
using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>Many small rooms: every replica reads every record, few of which are for many.</summary>
internal static class RoomsScenario
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        const int rooms = 100;
        const int members = 5;
        var shape = new LoadShape(
            members,
            arguments.Number("bytes", 100),
            TimeSpan.FromSeconds(arguments.Number("seconds", 10)),
            n => Room(n % rooms));
        Table.Head($"{rooms} rooms of {members}, {shape.Bytes} bytes");
        foreach (var name in SystemUnderTest.Names(arguments))
        {
            await using var system = await SystemUnderTest.StartAsync(arguments, name);
            var subscribers = await system.ConnectAsync(rooms * members, i => Room(i / members));
            await using var publishers = await Publishers.ConnectAsync(system, 50);
            Table.Row(name, "fixed", await Measurement.RunAsync(system, subscribers, publishers, shape, arguments.Number("rate", 1000)));
            Table.Row(name, "highest", await Measurement.HighestAsync(system, subscribers, publishers, shape, arguments.Number("rate", 1000) * 2));
            foreach (var subscriber in subscribers)
                await subscriber.DisposeAsync();
        }

        return 0;
    }

    private static string Room(long number) => "room" + number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>
/// Many small rooms: every replica reads every record, few of which are for many. As many speak as listen; the fewer they are, the less is in flight at
/// a time, since a connection's next call waits for its last one, and the smaller are the batches.
/// </summary>
internal static class RoomsScenario
{
    private const int Rooms = 100;
    private const int Members = 5;

    public static Task<int> RunAsync(Arguments arguments)
    {
        var shape = new LoadShape(
            Members,
            arguments.Number("bytes", 100),
            TimeSpan.FromSeconds(arguments.Number("seconds", 10)),
            n => Room(n % Rooms));
        var publishers = arguments.Number("publishers", Rooms * Members);
        Table.Head($"{Rooms} rooms of {Members}, {shape.Bytes} bytes, {publishers} speak");
        return Contest.RunAsync(arguments, shape, Rooms * Members, publishers, i => Room(i / Members), arguments.Number("rate", 1000));
    }

    private static string Room(long number) => "room" + number.ToString(CultureInfo.InvariantCulture);
}

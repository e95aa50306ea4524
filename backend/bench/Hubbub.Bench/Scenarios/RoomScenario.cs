using Hubbub.Bench.Load;

namespace Hubbub.Bench.Scenarios;

/// <summary>One room with many in it: what each delivery costs the servers, and how many there can be.</summary>
internal static class RoomScenario
{
    public static Task<int> RunAsync(Arguments arguments)
    {
        var connections = arguments.Number("connections", 500);
        var shape = new LoadShape(connections, arguments.Number("bytes", 100), TimeSpan.FromSeconds(arguments.Number("seconds", 10)), _ => "room");
        Table.Head($"one room of {connections}, {shape.Bytes} bytes");
        return Contest.RunAsync(arguments, shape, connections, publishers: 4, _ => "room", arguments.Number("rate", 40));
    }
}

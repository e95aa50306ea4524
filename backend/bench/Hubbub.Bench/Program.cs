using Hubbub.Bench;
using Hubbub.Bench.Scenarios;
using Hubbub.Bench.Serving;

// hubbub-bench serve …     runs one server with a trivial hub; the load commands start these themselves
// hubbub-bench room|rooms|idle|storm|stalled …
var arguments = new Arguments(args);
if (!arguments.IsValid || arguments.Command is null)
    return Usage();

switch (arguments.Command)
{
    case "serve":
        await BenchServer.RunAsync(arguments);
        return 0;
    case "room":
        return await RoomScenario.RunAsync(arguments);
    case "rooms":
        return await RoomsScenario.RunAsync(arguments);
    case "idle":
        return await IdleScenario.RunAsync(arguments);
    case "storm":
        return await StormScenario.RunAsync(arguments);
    case "stalled":
        return await StalledScenario.RunAsync(arguments);
    default:
        return Usage();
}

static int Usage()
{
    Console.Error.WriteLine("""
        hubbub-bench COMMAND [--option value …]
          room     one room of 500: server CPU per delivery at a fixed rate, and the highest sustained rate
          rooms    100 rooms of 5: the same
          idle     memory of the servers per idle connection
          storm    many clients come back at once with a cursor
          stalled  latency of 300 with and without one that stops reading
        options
          --systems plain,redis,postgres,microsoft   what to compare (default plain,redis,microsoft): SignalR alone in one process, the log over
                             either store, and SignalR's own Redis backplane; storm leaves out those that cannot resume
          --replicas N       processes of each system but plain (default 2)
          --redis HOST:PORT  --postgres CONNECTION   servers to use; they are not started here
          --clients signalr|raw   SignalR's own clients (default), or light ones that take less of the processors that the servers need
          --protocols json,messagepack   hub protocols of the servers, for each of which a message is serialised (default json)
          --seconds N        length of each measurement (default 10)
          --highest no       room and rooms: leave out the search for the highest rate
          --connections N  --rate N (messages a second)  --bytes N (payload, default 100)
        """);
    return 2;
}

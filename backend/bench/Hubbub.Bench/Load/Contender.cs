namespace Hubbub.Bench.Load;

/// <summary>A system with its clients connected, ready to be measured as often as wanted.</summary>
internal sealed class Contender : IAsyncDisposable
{
    /// <summary>The part of the servers' processor time that compiling may take when a system counts as warm.</summary>
    private const double MostCompiling = .02;

    private readonly SystemUnderTest _system;
    private readonly IReadOnlyList<ILoadClient> _subscribers;
    private readonly Publishers _publishers;
    private readonly LoadShape _shape;

    private Contender(SystemUnderTest system, IReadOnlyList<ILoadClient> subscribers, Publishers publishers, LoadShape shape)
    {
        _system = system;
        _subscribers = subscribers;
        _publishers = publishers;
        _shape = shape;
    }

    public string Name => _system.Name;

    /// <summary>Starts the servers and connects so many subscribers, the n-th in the room that <paramref name="roomOf"/> gives, and publishers.</summary>
    public static async Task<Contender> StartAsync(
        Arguments arguments, string name, LoadShape shape, int connections, int publishers, Func<int, string> roomOf)
    {
        var system = await SystemUnderTest.StartAsync(arguments, name);
        return new(system, await system.ConnectAsync(connections, roomOf), await Publishers.ConnectAsync(system, publishers), shape);
    }

    /// <summary>
    /// Runs until the servers' code is compiled at its last tier: two processes compile everything twice, which would otherwise count as
    /// the price of a delivery. At most two minutes.
    /// </summary>
    public async Task WarmUpAsync(double rate)
    {
        for (var stretch = 0; stretch < 24; stretch++)
        {
            var (cpu, compiled) = (_system.Cpu, await _system.CompilationTimeAsync());
            await _publishers.RunAsync(rate, TimeSpan.FromSeconds(5), _shape.Bytes, _shape.RoomOf);
            if (await _system.CompilationTimeAsync() - compiled < MostCompiling * (_system.Cpu - cpu))
                return;
        }

        Console.WriteLine($"{Name} still compiles after two minutes; what follows has that in it.");
    }

    /// <summary>One run at a fixed rate, in messages a second.</summary>
    public Task<Measurement> MeasureAsync(double rate) => Measurement.RunAsync(_system, _subscribers, _publishers, _shape, rate);

    /// <summary>The highest rate that is sustained, looked for from this one on. Null if not even this one is.</summary>
    public Task<Measurement?> HighestAsync(double from) => Measurement.HighestAsync(MeasureAsync, from);

    public async ValueTask DisposeAsync()
    {
        await _publishers.DisposeAsync();
        foreach (var subscriber in _subscribers)
            await subscriber.DisposeAsync();
        await _system.DisposeAsync();
    }
}

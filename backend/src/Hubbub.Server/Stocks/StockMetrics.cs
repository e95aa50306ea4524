using System.Diagnostics.Metrics;

namespace Hubbub.Server.Stocks;

/// <summary>What the market counts on this replica, in the meter <c>Hubbub.Server</c>. Names and units follow OpenTelemetry's conventions.</summary>
internal sealed class StockMetrics : IDisposable
{
    public const string MeterName = "Hubbub.Server";

    private readonly Meter _meter;
    private readonly Counter<long> _ticks;
    private readonly Histogram<double> _tickDuration;
    private readonly Counter<long> _conflated;
    private int _isLeader;

    public StockMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _ticks = _meter.CreateCounter<long>("hubbub.market.ticks", "{tick}", "Ticks that this replica has made as the leader.");
        _tickDuration = _meter.CreateHistogram<double>("hubbub.market.tick.duration", "s", "From the beginning of a tick until it is stored and published.");
        _conflated = _meter.CreateCounter<long>("hubbub.market.conflated", "{tick}", "Ticks that were folded into a later one for a viewer.");
        _meter.CreateObservableGauge("hubbub.market.leader", () => Volatile.Read(ref _isLeader), "{leader}", "1 while this replica leads the market.");
    }

    /// <summary>Whether this replica leads.</summary>
    public bool IsLeader
    {
        get => Volatile.Read(ref _isLeader) == 1;
        set => Volatile.Write(ref _isLeader, value ? 1 : 0);
    }

    public void Ticked(TimeSpan duration)
    {
        _ticks.Add(1);
        _tickDuration.Record(duration.TotalSeconds);
    }

    public void Conflated(long ticks)
    {
        if (ticks > 0)
            _conflated.Add(ticks);
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();
}

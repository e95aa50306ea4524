using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>Listens to one meter.</summary>
internal sealed class SeenMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string? Tag)> _values = new();

    public SeenMetrics(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => _values.Enqueue((i.Name, value, LastTag(tags))));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => _values.Enqueue((i.Name, value, LastTag(tags))));
        _listener.Start();
    }

    public double Sum(string name, string? tag = null) => _values.Where(v => v.Name == name && (tag is null || v.Tag == tag)).Sum(v => v.Value);

    public int Count(string name) => _values.Count(v => v.Name == name);

    public void Dispose() => _listener.Dispose();

    private static string? LastTag(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags[^1].Value as string;
}

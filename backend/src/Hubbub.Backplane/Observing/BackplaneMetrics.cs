using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Hubbub.Backplane.Observing;

/// <summary>
/// What the backplane counts, as the meter <c>Hubbub.Backplane</c>. Names and units follow OpenTelemetry's conventions; every instrument has the
/// attribute <c>hubbub.stream</c>.
/// </summary>
internal sealed class BackplaneMetrics : IDisposable
{
    public const string MeterName = "Hubbub.Backplane";

    // The usual boundaries are meant for milliseconds; these instruments count in seconds, as the conventions ask.
    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10] };

    private readonly Meter _meter;
    private readonly Counter<long> _appended;
    private readonly Histogram<double> _appendDuration;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _resumes;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _epochChanges;
    private readonly Histogram<long> _readerLag;
    private readonly Histogram<double> _deliveryDelay;
    private readonly Histogram<double> _pumpLag;

    public BackplaneMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _appended = _meter.CreateCounter<long>("hubbub.backplane.records.appended", "{record}", "Records that this replica has stored.");
        _appendDuration = _meter.CreateHistogram(
            "hubbub.backplane.append.duration", "s", "How long a batch takes to be stored, repeats included.", tags: null, Seconds);
        _delivered = _meter.CreateCounter<long>(
            "hubbub.backplane.messages.delivered", "{message}", "Messages handed to connections of this replica as they came.");
        _replayed = _meter.CreateCounter<long>(
            "hubbub.backplane.messages.replayed", "{message}", "Missed messages handed to connections that came back.");
        _resumes = _meter.CreateCounter<long>(
            "hubbub.backplane.resumes", "{resume}", "Connections that came with a cursor, by hubbub.resume.outcome.");
        _dropped = _meter.CreateCounter<long>(
            "hubbub.backplane.connections.dropped", "{connection}", "Connections that this replica ended, by hubbub.drop.reason: slow, replaced, gap or catch_up.");
        _skipped = _meter.CreateCounter<long>(
            "hubbub.backplane.records.skipped", "{record}", "Records that this replica passed over, by hubbub.skip.reason: unreadable or unknown.");
        _epochChanges = _meter.CreateCounter<long>("hubbub.backplane.epoch.changes", "{change}", "Times the store was found to have lost records.");
        _readerLag = _meter.CreateHistogram<long>(
            "hubbub.backplane.reader.lag", "{record}", "Records in the store that this replica had not read yet, at each read that found some.");
        _deliveryDelay = _meter.CreateHistogram(
            "hubbub.backplane.delivery.delay", "s", "From the making of a record to its handing out here; includes the difference of the replicas' clocks.", tags: null, Seconds);
        _pumpLag = _meter.CreateHistogram(
            "hubbub.backplane.pump.lag", "s", "How long a connection that did not take its messages at once lagged behind, until it had all or ended.", tags: null, Seconds);
    }

    public void Appended(string stream, int records, TimeSpan duration)
    {
        _appended.Add(records, Of(stream));
        _appendDuration.Record(duration.TotalSeconds, Of(stream));
    }

    public void Delivered(string stream, int messages) => _delivered.Add(messages, Of(stream));

    /// <param name="stream">The stream.</param>
    /// <param name="outcome"><c>resumed</c>, or the reason why not.</param>
    /// <param name="replayed">How many messages were replayed.</param>
    public void Resumed(string stream, string outcome, int replayed)
    {
        _resumes.Add(1, Of(stream), new KeyValuePair<string, object?>("hubbub.resume.outcome", outcome));
        if (replayed > 0)
            _replayed.Add(replayed, Of(stream));
    }

    public void Dropped(string stream, DropReason reason, int connections = 1)
    {
        if (connections > 0)
            _dropped.Add(connections, Of(stream), new KeyValuePair<string, object?>("hubbub.drop.reason", Name(reason)));
    }

    /// <param name="stream">The stream.</param>
    /// <param name="reason"><c>unreadable</c>, or <c>unknown</c> for a kind that only later versions know.</param>
    public void Skipped(string stream, string reason) =>
        _skipped.Add(1, Of(stream), new KeyValuePair<string, object?>("hubbub.skip.reason", reason));

    public void EpochChanged(string stream) => _epochChanges.Add(1, Of(stream));

    /// <param name="stream">The stream.</param>
    /// <param name="lag">How far the store was ahead.</param>
    public void Read(string stream, long lag) => _readerLag.Record(lag, Of(stream));

    public void HandedOut(string stream, TimeSpan delay) => _deliveryDelay.Record(Math.Max(0, delay.TotalSeconds), Of(stream));

    public void Lagged(string stream, TimeSpan lag) => _pumpLag.Record(lag.TotalSeconds, Of(stream));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Of(string stream) => new("hubbub.stream", stream);

    private static string Name(DropReason reason) => reason switch
    {
        DropReason.Slow => "slow",
        DropReason.Replaced => "replaced",
        DropReason.Gap => "gap",
        DropReason.CatchUp => "catch_up",
        _ => throw new UnreachableException(),
    };
}

/// <summary>Why a replica ends a connection.</summary>
internal enum DropReason
{
    /// <summary>Too much waits for it.</summary>
    Slow,

    /// <summary>Its client has made a new one.</summary>
    Replaced,

    /// <summary>Records that it should have got are gone.</summary>
    Gap,

    /// <summary>What it missed before it came could not be read or written.</summary>
    CatchUp,
}

namespace Hubbub.Server.Platform;

/// <summary>
/// Tells the first failure of an outage, which deserves a warning, from those that repeat it because something is tried again every second. Safe
/// for use by several threads.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class Outage(TimeProvider time)
{
    // Where nobody says that it is over, as long as this without a failure says so.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _failedAt;

    /// <summary>Notes a failure.</summary>
    /// <returns>The level to log it at: a warning if it begins an outage, otherwise Debug.</returns>
    public LogLevel Fail()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var isFirst = _failedAt is not { } before || time.GetElapsedTime(before, now) > Quiet;
            _failedAt = now;
            return isFirst ? LogLevel.Warning : LogLevel.Debug;
        }
    }

    /// <summary>Notes a success.</summary>
    /// <returns>True if it ends an outage.</returns>
    public bool End()
    {
        lock (_gate)
        {
            var wasOn = _failedAt is not null;
            _failedAt = null;
            return wasOn;
        }
    }
}

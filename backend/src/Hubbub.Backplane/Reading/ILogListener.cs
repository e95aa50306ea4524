using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Reading;

/// <summary>Gets what a <see cref="LogReader"/> reads, one call at a time.</summary>
internal interface ILogListener
{
    /// <summary>The reader stands behind this position and goes on from there. The first call.</summary>
    ValueTask StartAsync(LogCursor position);

    /// <summary>The next records, consecutive, in order.</summary>
    ValueTask ReadAsync(IReadOnlyList<LogEntry> entries);

    /// <summary>
    /// Records between the last ones and the next ones are gone: whoever listens here has a hole. The reader goes on behind this position.
    /// </summary>
    ValueTask LostAsync(string reason, LogCursor position);
}

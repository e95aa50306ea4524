using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Delivery;

/// <summary>A record at its place in the log, and the message made of it once somebody needs it.</summary>
internal sealed class LogItem(LogRecord record, LogCursor cursor)
{
    private DeliverableMessage? _message;

    public LogRecord Record { get; } = record;

    public LogCursor Cursor { get; } = cursor;

    /// <summary>The message for the wire. Two threads may make it at the same time, which costs only the second copy.</summary>
    public DeliverableMessage Message => _message ??= new DeliverableMessage(Record, Cursor);
}

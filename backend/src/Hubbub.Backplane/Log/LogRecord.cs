namespace Hubbub.Backplane.Log;

/// <summary>What a record says. Readers ignore kinds they do not know, so that old and new replicas can share a log.</summary>
internal enum RecordKind : byte
{
    /// <summary>A message for everyone.</summary>
    All = 1,

    /// <summary>A message for the members of the group <see cref="LogRecord.Target"/>.</summary>
    Group = 2,

    /// <summary>A message for the connections of the user <see cref="LogRecord.Target"/>.</summary>
    User = 3,

    /// <summary>A message for the connection <see cref="LogRecord.Target"/>.</summary>
    Connection = 4,

    /// <summary>The connection <see cref="LogRecord.Target"/> enters the group <see cref="LogRecord.Group"/>.</summary>
    Join = 5,

    /// <summary>The connection <see cref="LogRecord.Target"/> leaves the group <see cref="LogRecord.Group"/>.</summary>
    Leave = 6,

    /// <summary>A call to the connection <see cref="LogRecord.Target"/> that wants a result; not replayed.</summary>
    Invoke = 7,

    /// <summary>The replica that holds the connection has taken the call, and still has it.</summary>
    InvokeAccepted = 8,

    /// <summary>The result of a call, as the client's completion message.</summary>
    InvokeResult = 9,

    /// <summary>The caller asks whether the call is still with somebody.</summary>
    InvokeProbe = 10,

    /// <summary>The caller does not wait for the result any more.</summary>
    InvokeCancel = 11,

    /// <summary>
    /// The connection <see cref="LogRecord.Target"/> of the user <see cref="LogRecord.User"/> has been replaced by a new one: whoever still
    /// holds it ends it.
    /// </summary>
    Replaced = 12,
}

/// <summary>A record of the log, as the backplane sees it.</summary>
internal sealed record LogRecord
{
    public required RecordKind Kind { get; init; }

    /// <summary>Random; tells this record from another that got the same offset after the store lost data. Part of every cursor.</summary>
    public required uint Tag { get; init; }

    /// <summary>When its producer made it, by that replica's clock. Used for retention only, never for order.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The replica that made it.</summary>
    public required string Origin { get; init; }

    /// <summary>The group, user or connection meant; empty for everyone, and where <see cref="OnlyOn"/> says enough.</summary>
    public string Target { get; init; } = "";

    /// <summary>The group entered or left; empty for messages.</summary>
    public string Group { get; init; } = "";

    /// <summary>The user whose connection was replaced; empty for other kinds.</summary>
    public string User { get; init; } = "";

    /// <summary>The call that the record is about; empty for anything but calls with a result.</summary>
    public string InvocationId { get; init; } = "";

    /// <summary>If not empty, only this replica delivers the record: the one that held the connection when it was sent.</summary>
    public string OnlyOn { get; init; } = "";

    /// <summary>Connections that do not get it.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>The message as the wire wants it, once for each hub protocol in use.</summary>
    public IReadOnlyList<WireMessage> Messages { get; init; } = [];

    /// <summary>The trace that the send belongs to, see <see cref="Log.TraceContext"/>; null if it is not traced.</summary>
    public byte[]? TraceContext { get; init; }
}

/// <summary>A message serialised for one hub protocol.</summary>
internal readonly record struct WireMessage(string Protocol, ReadOnlyMemory<byte> Bytes);

using System.Globalization;

namespace Hubbub.Backplane.Client;

/// <summary>
/// Where a client stands in a hub's log, across all of its connections, one after the other. May be read from any thread.
/// </summary>
public sealed class ResumePosition
{
    private volatile string _cursor;
    private volatile Uri? _replica;
    private string _epoch = "";
    private long _offset = -1;
    private string _connectionId = "";

    /// <summary>A position to begin at.</summary>
    /// <param name="cursor">A cursor that a server gave; empty to begin with what comes.</param>
    public ResumePosition(string cursor = "")
    {
        ArgumentNullException.ThrowIfNull(cursor);
        _cursor = "";
        if (cursor.Length > 0)
            Reset(cursor);
    }

    /// <summary>The cursor of the last call that was taken; empty before the first. A text without a meaning, to be kept and given back.</summary>
    public string Cursor => _cursor;

    /// <summary>The replica of the present connection, or of the last one if there is none at the moment; null before the first.</summary>
    public Uri? Replica => _replica;

    /// <summary>The id of the last connection that the server answered; empty before the first.</summary>
    internal string Previous { get; private set; } = "";

    /// <summary>True once the present connection has its answer.</summary>
    internal bool IsAnswered { get; private set; }

    /// <summary>A connection was made.</summary>
    internal void Begin(Uri replica, string? connectionId)
    {
        _replica = replica;
        _connectionId = connectionId ?? "";
        IsAnswered = false;
    }

    /// <summary>The server has answered, and says where the connection begins; null if it keeps no log.</summary>
    internal void Answered(string? cursor)
    {
        IsAnswered = true;
        Previous = _connectionId;
        Reset(cursor ?? "");
    }

    /// <summary>Moves forward. False if that was passed before: the call is one that has been taken.</summary>
    internal bool Advance(string cursor)
    {
        var (epoch, offset) = Split(cursor);
        if (epoch == _epoch && offset <= _offset)
            return false;
        (_epoch, _offset, _cursor) = (epoch, offset, cursor);
        return true;
    }

    private void Reset(string cursor)
    {
        (_epoch, _offset) = Split(cursor);
        _cursor = cursor;
    }

    // The epoch is the first part of a cursor and the offset the last; there may be others between them.
    private static (string Epoch, long Offset) Split(string cursor)
    {
        var (first, last) = (cursor.IndexOf('.', StringComparison.Ordinal), cursor.LastIndexOf('.'));
        return first > 0 && long.TryParse(cursor.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? (cursor[..first], offset)
            : ("", -1);
    }
}

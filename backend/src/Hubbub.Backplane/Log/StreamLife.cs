namespace Hubbub.Backplane.Log;

/// <summary>
/// What this replica knows to be stored in a stream, and the server process that it was last compared with. When another process answers, a
/// restarted one or the one that took over, the records known are looked up there: the same tags at the same offsets are the same life, and
/// anything else is a loss, for which the stream gets a new epoch.
/// </summary>
/// <remarks>
/// Two records are enough: those before them are in the same log. The reader and the appender of a replica share one instance, since each
/// may know what the other does not: a stored record need not have been read yet.
/// </remarks>
internal sealed class StreamLife(string stream, IMessageLog log)
{
    /// <summary>The name of no server process, so that one which is asked for it refuses.</summary>
    private const string Nobody = "?";

    private readonly Lock _gate = new();
    private LogCursor _read;
    private LogCursor _stored;
    private string _incarnation = "";
    private bool _isCompared = true;

    /// <summary>
    /// The server process that is known to have everything this replica knows, for appends to name; empty before the first contact, or if the
    /// store cannot tell. While something is still to be compared it is the name of none.
    /// </summary>
    public string Incarnation
    {
        get
        {
            lock (_gate)
                return _isCompared ? _incarnation : Nobody;
        }
    }

    /// <summary>The reader begins behind this position, as this server process has it; what was read before does not matter any more.</summary>
    public void Begin(LogCursor position, string incarnation)
    {
        lock (_gate)
        {
            _isCompared = _stored.Epoch != position.Epoch || (_isCompared && _incarnation == incarnation);
            (_read, _incarnation) = (position, incarnation);
        }
    }

    /// <summary>Everything up to this record was read from this server process.</summary>
    public void Read(LogCursor last, string incarnation)
    {
        lock (_gate)
        {
            _read = last;

            // Such as a notification that was on its way when the process died, handed on after its successor was compared.
            _isCompared &= incarnation == _incarnation;
        }
    }

    /// <summary>This record was stored by this server process.</summary>
    public void Stored(LogCursor last, string incarnation)
    {
        lock (_gate)
        {
            _stored = last;
            _isCompared &= incarnation == _incarnation;
        }
    }

    /// <summary>
    /// Compares what is known with what the store has. Returns where the stream stands then: in another epoch than <paramref name="present"/>
    /// says if records were lost.
    /// </summary>
    /// <exception cref="MessageLogUnavailableException">The store went away meanwhile; nothing is decided.</exception>
    public async ValueTask<LogExtent> VerifyAsync(LogExtent present, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (read, stored) = Known();
            var extent = await LookUpAsync(stored, present, cancellationToken);
            if (extent == present)
                extent = await LookUpAsync(read, present, cancellationToken);
            if (extent == present && TryAccept(read, stored, present))
                return present;

            // Another process or epoch has come up in between, or more has become known: all of it is looked up once more.
            present = extent;
        }
    }

    private (LogCursor Read, LogCursor Stored) Known()
    {
        lock (_gate)
            return (_read, _stored);
    }

    private bool TryAccept(LogCursor read, LogCursor stored, LogExtent present)
    {
        lock (_gate)
        {
            if (_read != read || _stored != stored)
                return false;
            (_incarnation, _isCompared) = (present.Incarnation, true);
            return true;
        }
    }

    /// <summary><paramref name="present"/> if the record is there, or can no longer be looked up; else where the stream stands now.</summary>
    private async ValueTask<LogExtent> LookUpAsync(LogCursor known, LogExtent present, CancellationToken cancellationToken)
    {
        if (known.Epoch != present.Epoch || known.Offset == 0)
            return present;

        var slice = await log.ReadAsync(stream, known.Offset - 1, 1, cancellationToken);
        var extent = slice.Extent;
        if (extent.Epoch != present.Epoch || extent.Incarnation != present.Incarnation)
            return extent;

        var isLost = extent.Tail < known.Offset
            || (slice.Entries is [var entry] && entry.Offset == known.Offset && known.Tag is { } tag && RecordCodec.TagOf(entry.Body) != tag);
        return isLost ? await log.ReplaceEpochAsync(stream, present.Epoch, cancellationToken) : present;
    }
}

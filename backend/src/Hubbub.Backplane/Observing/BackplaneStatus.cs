namespace Hubbub.Backplane.Observing;

/// <summary>Whether the store behind the backplane answers, as the appenders and readers of this replica see it.</summary>
public sealed class BackplaneStatus
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, Exception> _failing = new(ReferenceEqualityComparer.Instance);

    /// <summary>True while any stream of this replica cannot be read or written.</summary>
    public bool IsAway
    {
        get
        {
            lock (_gate)
                return _failing.Count > 0;
        }
    }

    /// <summary>Why it is away, for an operator; null if it is not.</summary>
    public string? Reason
    {
        get
        {
            lock (_gate)
                return _failing.Values.FirstOrDefault()?.Message;
        }
    }

    /// <summary>Notes a failure. True if the part was well before: the time to write a log line.</summary>
    internal bool Failed(object part, Exception cause)
    {
        lock (_gate)
        {
            var isNew = !_failing.ContainsKey(part);
            _failing[part] = cause;
            return isNew;
        }
    }

    /// <summary>Notes success. True if the part was failing before.</summary>
    internal bool Succeeded(object part)
    {
        lock (_gate)
            return _failing.Remove(part);
    }
}

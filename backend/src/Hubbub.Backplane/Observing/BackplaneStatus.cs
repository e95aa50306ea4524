namespace Hubbub.Backplane.Observing;

/// <summary>Whether the store behind the backplane answers, as the appenders and readers of this replica see it.</summary>
public sealed class BackplaneStatus
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, Exception> _failing = new(ReferenceEqualityComparer.Instance);
    private Action<bool>? _changed;

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

    /// <summary>Calls <paramref name="changed"/> with true when the store goes away and false when it is back, in that order. It must not block.</summary>
    internal void Watch(Action<bool> changed)
    {
        lock (_gate)
            _changed += changed;
    }

    internal void Unwatch(Action<bool> changed)
    {
        lock (_gate)
            _changed -= changed;
    }

    /// <summary>Notes a failure. True if the part was well before: the time to write a log line.</summary>
    internal bool Failed(object part, Exception cause)
    {
        lock (_gate)
        {
            var isNew = !_failing.ContainsKey(part);
            _failing[part] = cause;
            if (isNew && _failing.Count == 1)
                _changed?.Invoke(true);
            return isNew;
        }
    }

    /// <summary>Notes success. True if the part was failing before.</summary>
    internal bool Succeeded(object part)
    {
        lock (_gate)
        {
            var wasFailing = _failing.Remove(part);
            if (wasFailing && _failing.Count == 0)
                _changed?.Invoke(false);
            return wasFailing;
        }
    }
}

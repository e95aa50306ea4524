using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hubbub.Backplane.Observing;

/// <summary>
/// Whether the store behind the backplane answers, as the appenders and readers of this replica see it. An outage is one warning when the first
/// of them notices it, and one line when the last of them is well again; what each of them sees is logged at the level Debug.
/// </summary>
/// <param name="loggers">Where outages are logged; nowhere if null.</param>
/// <param name="time">The clock of their duration; the system's if null.</param>
public sealed partial class BackplaneStatus(ILoggerFactory? loggers = null, TimeProvider? time = null)
{
    private readonly ILogger _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Hubbub.Backplane");
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly Dictionary<object, Exception> _failing = new(ReferenceEqualityComparer.Instance);
    private Action<bool>? _changed;
    private long _since;

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

    /// <summary>Notes that a part cannot work.</summary>
    /// <param name="part">The part, by reference.</param>
    /// <param name="task">What it cannot do, such as "read stream chat".</param>
    /// <param name="cause">Why.</param>
    internal void Failed(object part, string task, Exception cause)
    {
        lock (_gate)
        {
            var isNew = !_failing.ContainsKey(part);
            _failing[part] = cause;
            if (!isNew)
                return;

            if (_failing.Count == 1)
            {
                _since = _time.GetTimestamp();
                Log.StoreAway(_logger, task, cause);
                _changed?.Invoke(true);
            }
            else
            {
                Log.PartAway(_logger, task, cause);
            }
        }
    }

    /// <summary>Notes that a part works, or that it has nothing left to do that could fail.</summary>
    /// <param name="part">The part, by reference.</param>
    /// <param name="task">What it could not do before.</param>
    internal void Succeeded(object part, string task)
    {
        lock (_gate)
        {
            if (!_failing.Remove(part))
                return;

            Log.PartBack(_logger, task);
            if (_failing.Count > 0)
                return;
            Log.StoreBack(_logger, _time.GetElapsedTime(_since).TotalSeconds);
            _changed?.Invoke(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The backplane's store is away, first noticed when it was to {Task}; trying again.", EventName = "StoreAway")]
        public static partial void StoreAway(ILogger logger, string task, Exception exception);

        [LoggerMessage(2, LogLevel.Information, "The backplane's store is back after {Seconds:0.0} s.", EventName = "StoreBack")]
        public static partial void StoreBack(ILogger logger, double seconds);

        [LoggerMessage(3, LogLevel.Debug, "The backplane's store cannot {Task} either.", EventName = "PartAway")]
        public static partial void PartAway(ILogger logger, string task, Exception exception);

        [LoggerMessage(4, LogLevel.Debug, "The backplane's store can {Task} again.", EventName = "PartBack")]
        public static partial void PartBack(ILogger logger, string task);
    }
}

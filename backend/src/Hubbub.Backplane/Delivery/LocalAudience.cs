using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// Which connections of this replica a record is for. Names are compared by ordinal, and nothing in them is a pattern. Not thread-safe: the
/// dispatcher owns it.
/// </summary>
internal sealed class LocalAudience
{
    private static readonly HashSet<ConnectionPump> Nobody = [];

    private readonly Dictionary<string, ConnectionPump> _connections = new(StringComparer.Ordinal);
    private readonly HashSet<ConnectionPump> _all = [];
    private readonly Dictionary<string, HashSet<ConnectionPump>> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<ConnectionPump>> _groups = new(StringComparer.Ordinal);

    public void Add(ConnectionPump pump)
    {
        _connections[pump.ConnectionId] = pump;
        _all.Add(pump);
        if (pump.UserId is { } user)
            Enter(_users, user, pump);
    }

    public void Remove(ConnectionPump pump)
    {
        if (!_all.Remove(pump))
            return;
        if (_connections.GetValueOrDefault(pump.ConnectionId) == pump)
            _connections.Remove(pump.ConnectionId);
        if (pump.UserId is { } user)
            Exit(_users, user, pump);
        foreach (var group in pump.Groups)
            Exit(_groups, group, pump);
    }

    /// <summary>The connections that can resume.</summary>
    public IEnumerable<ConnectionPump> Resuming => _all.Where(pump => pump.IsResuming);

    /// <summary>
    /// Ends a connection that its client has replaced by another, if it is here and the user's own: its client does not listen to it any
    /// more, even if the network has not noticed. True if there was one to end.
    /// </summary>
    public bool Replace(string connectionId, string userId)
    {
        if (!_connections.TryGetValue(connectionId, out var pump) || pump.UserId != userId)
            return false;
        pump.End();
        return true;
    }

    public bool Has(string connectionId) => _connections.ContainsKey(connectionId);

    /// <summary>Puts a connection into a group; nothing happens if it is in it, or not on this replica.</summary>
    public void Join(string connectionId, string group)
    {
        if (_connections.TryGetValue(connectionId, out var pump) && pump.Groups.Add(group))
            Enter(_groups, group, pump);
    }

    /// <summary>Takes a connection out of a group; nothing happens if it is not in it, or not on this replica.</summary>
    public void Leave(string connectionId, string group)
    {
        if (_connections.TryGetValue(connectionId, out var pump) && pump.Groups.Remove(group))
            Exit(_groups, group, pump);
    }

    /// <summary>The connections that a message is addressed to, its exclusions not regarded.</summary>
    public HashSet<ConnectionPump> Of(LogRecord record) => record.Kind switch
    {
        RecordKind.All => _all,
        RecordKind.Group => _groups.GetValueOrDefault(record.Target, Nobody),
        RecordKind.User => _users.GetValueOrDefault(record.Target, Nobody),
        RecordKind.Connection or RecordKind.Invoke => _connections.TryGetValue(record.Target, out var pump) ? [pump] : Nobody,
        _ => Nobody, // a kind of a later version
    };

    /// <summary>Drops every connection and forgets it; the clients may come back. Returns how many.</summary>
    public int DropAll()
    {
        var count = _all.Count;
        foreach (var pump in _all)
            pump.Drop();
        _connections.Clear();
        _all.Clear();
        _users.Clear();
        _groups.Clear();
        return count;
    }

    private static void Enter(Dictionary<string, HashSet<ConnectionPump>> sets, string name, ConnectionPump pump)
    {
        if (!sets.TryGetValue(name, out var members))
            sets[name] = members = [];
        members.Add(pump);
    }

    private static void Exit(Dictionary<string, HashSet<ConnectionPump>> sets, string name, ConnectionPump pump)
    {
        if (sets.TryGetValue(name, out var members) && members.Remove(pump) && members.Count == 0)
            sets.Remove(name);
    }
}

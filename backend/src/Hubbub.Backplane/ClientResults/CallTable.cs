using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.ClientResults;

/// <summary>The calls under way: those this replica waits for, and those its connections answer for other replicas.</summary>
internal sealed class CallTable
{
    private readonly ConcurrentDictionary<string, PendingCall> _pending = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ForwardedCall> _forwarded = new(StringComparer.Ordinal);

    public void Add(string invocationId, PendingCall call) => _pending[invocationId] = call;

    public void Add(ForwardedCall call) => _forwarded[call.InvocationId] = call;

    public bool TryGet(string invocationId, [NotNullWhen(true)] out PendingCall? call) => _pending.TryGetValue(invocationId, out call);

    public bool TryRemove(string invocationId, [NotNullWhen(true)] out PendingCall? call) => _pending.TryRemove(invocationId, out call);

    public bool IsForwarded(string invocationId) => _forwarded.ContainsKey(invocationId);

    public bool TryRemoveForwarded(string invocationId, [NotNullWhen(true)] out ForwardedCall? call) =>
        _forwarded.TryRemove(invocationId, out call);

    /// <summary>Takes out the calls that other replicas made to a connection.</summary>
    public IEnumerable<ForwardedCall> RemoveForwardedTo(string connectionId)
    {
        foreach (var call in _forwarded.Values)
        {
            if (call.ConnectionId == connectionId && _forwarded.TryRemove(call.InvocationId, out _))
                yield return call;
        }
    }

    /// <summary>The type that a client's result is read as: what the caller wants, or raw if the caller is another replica.</summary>
    public bool TryGetResultType(string invocationId, [NotNullWhen(true)] out Type? type)
    {
        type = _pending.TryGetValue(invocationId, out var call) ? call.ResultType
            : _forwarded.ContainsKey(invocationId) ? typeof(RawResult)
            : null;
        return type is not null;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hubbub.Server.Chat;

/// <summary>
/// Keeps the traces of senders whose messages wait in the outbox on this replica: another one's turn may publish them, and the sends belong into the
/// senders' own traces. A message that its replica did not get to publish has none here; whoever publishes it begins a new trace.
/// </summary>
internal sealed class SenderTraces
{
    private static readonly ActivitySource Source = new("Hubbub.Server");

    private readonly ConcurrentDictionary<Guid, ActivityContext> _senders = new();

    /// <summary>Remembers the caller's trace for a message until <see cref="Forget"/>. Nothing is kept for a call that is not traced.</summary>
    public void Remember(Guid messageId)
    {
        if (Activity.Current is { Recorded: true } sender)
            _senders[messageId] = sender.Context;
    }

    /// <summary>Ends what <see cref="Remember"/> began.</summary>
    public void Forget(Guid messageId) => _senders.TryRemove(messageId, out _);

    /// <summary>Goes on in the trace of the message's sender until the result is disposed of; null if there is none.</summary>
    public Activity? Continue(Guid messageId) =>
        _senders.TryGetValue(messageId, out var sender) ? Source.StartActivity("publish message", ActivityKind.Internal, sender) : null;
}

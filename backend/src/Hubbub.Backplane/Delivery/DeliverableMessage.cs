using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Delivery;

/// <summary>A message of the log ready for the wire, made once and shared by all connections of the replica that get it.</summary>
internal sealed class DeliverableMessage
{
    /// <summary>A message that stands in the log.</summary>
    public DeliverableMessage(LogRecord record, LogCursor cursor)
        : this(Splice(record.Messages, cursor.ToString()))
    {
    }

    /// <summary>
    /// A message of the backplane itself, serialised when a connection of a protocol gets it for the first time. It is too small to count.
    /// </summary>
    public DeliverableMessage(HubMessage message) => Message = new SerializedHubMessage(message);

    /// <summary>A message that stands in no log, and so has no cursor.</summary>
    public DeliverableMessage(IReadOnlyList<WireMessage> messages)
    {
        Message = new SerializedHubMessage([.. messages.Select(m => new SerializedMessage(m.Protocol, m.Bytes))]);
        Bytes = messages.Sum(m => m.Bytes.Length);
    }

    public SerializedHubMessage Message { get; }

    /// <summary>Its size, in all protocols together.</summary>
    public int Bytes { get; }

    private static WireMessage[] Splice(IReadOnlyList<WireMessage> messages, string cursor)
    {
        var spliced = new WireMessage[messages.Count];
        for (var i = 0; i < spliced.Length; i++)
            spliced[i] = messages[i] with { Bytes = CursorHeader.Splice(messages[i], cursor) };
        return spliced;
    }
}

using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Delivery;

/// <summary>A message of the log ready for the wire, made once and shared by all connections of the replica that get it.</summary>
internal sealed class DeliverableMessage
{
    public DeliverableMessage(LogRecord record, LogCursor cursor)
    {
        var text = cursor.ToString();
        var messages = new SerializedMessage[record.Messages.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            var bytes = CursorHeader.Splice(record.Messages[i], text);
            messages[i] = new SerializedMessage(record.Messages[i].Protocol, bytes);
            Bytes += bytes.Length;
        }

        Message = new SerializedHubMessage(messages);
    }

    public SerializedHubMessage Message { get; }

    /// <summary>Its size, in all protocols together.</summary>
    public int Bytes { get; }
}

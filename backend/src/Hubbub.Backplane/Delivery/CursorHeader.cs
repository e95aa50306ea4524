using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// Puts the header <c>cursor</c> into a message that was serialised before its offset was known. The hub protocols let every message but
/// a ping carry headers and ask receivers to ignore those they do not know.
/// </summary>
internal static class CursorHeader
{
    /// <summary>The message with the header, or as it was if its protocol is not one that is known here.</summary>
    public static ReadOnlyMemory<byte> Splice(WireMessage message, string cursor) => message.Protocol switch
    {
        "json" => JsonCursorHeader.Splice(message.Bytes, cursor),
        "messagepack" => MessagePackCursorHeader.Splice(message.Bytes, cursor),
        _ => message.Bytes,
    };
}

using System.Text;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// Puts the header <c>cursor</c> into a message that was serialised before its offset was known. The hub protocol lets every message but
/// a ping carry headers and asks receivers to ignore those they do not know.
/// </summary>
internal static class CursorHeader
{
    private static ReadOnlySpan<byte> JsonBefore => "{\"headers\":{\"cursor\":\""u8;

    private static ReadOnlySpan<byte> JsonAfter => "\"},"u8;

    /// <summary>
    /// The message with the header, or as it was if the protocol is not one this knows. A JSON message is an object with at least its type,
    /// so the header goes before the first member.
    /// </summary>
    public static ReadOnlyMemory<byte> Splice(WireMessage message, string cursor)
    {
        var bytes = message.Bytes.Span;
        if (message.Protocol != "json" || bytes.IsEmpty || bytes[0] != (byte)'{')
            return message.Bytes;

        var result = new byte[JsonBefore.Length + cursor.Length + JsonAfter.Length + bytes.Length - 1];
        JsonBefore.CopyTo(result);
        var at = JsonBefore.Length;
        at += Encoding.ASCII.GetBytes(cursor, result.AsSpan(at));
        JsonAfter.CopyTo(result.AsSpan(at));
        bytes[1..].CopyTo(result.AsSpan(at + JsonAfter.Length));
        return result;
    }
}

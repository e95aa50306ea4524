using System.Text;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// The cursor in a message of the JSON hub protocol. Such a message is an object with at least its type, so the header goes before the first member.
/// </summary>
internal static class JsonCursorHeader
{
    private static ReadOnlySpan<byte> Before => "{\"headers\":{\"cursor\":\""u8;

    private static ReadOnlySpan<byte> After => "\"},"u8;

    /// <summary>The message with the header, or as it was if it is not an object.</summary>
    public static ReadOnlyMemory<byte> Splice(ReadOnlyMemory<byte> message, string cursor)
    {
        var bytes = message.Span;
        if (bytes.IsEmpty || bytes[0] != (byte)'{')
            return message;

        var result = new byte[Before.Length + cursor.Length + After.Length + bytes.Length - 1];
        Before.CopyTo(result);
        var at = Before.Length;
        at += Encoding.ASCII.GetBytes(cursor, result.AsSpan(at));
        After.CopyTo(result.AsSpan(at));
        bytes[1..].CopyTo(result.AsSpan(at + After.Length));
        return result;
    }
}

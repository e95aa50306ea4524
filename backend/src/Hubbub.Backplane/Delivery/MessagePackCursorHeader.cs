using System.Text;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// The cursor in a message of the MessagePack hub protocol: <c>length [type, headers, …]</c>, where the length counts the bytes behind it, seven bits
/// in each byte and the lowest first, and the headers of a message without any are an empty map.
/// </summary>
internal static class MessagePackCursorHeader
{
    /// <summary>A length has at most five bytes: the protocol's messages are shorter than 2 GiB.</summary>
    private const int MaxLengthBytes = 5;

    // The first bytes of the forms of MessagePack that occur here; the low bits of the first two hold a count.
    private const byte FixArray = 0x90;
    private const byte FixMap = 0x80;
    private const byte FixText = 0xa0;
    private const byte Text8 = 0xd9;
    private const int MaxFixText = 31;

    /// <summary>The text <c>cursor</c>, its length before it.</summary>
    private static ReadOnlySpan<byte> Name => [FixText | 6, (byte)'c', (byte)'u', (byte)'r', (byte)'s', (byte)'o', (byte)'r'];

    /// <summary>
    /// The message with the header, or as it was if it is not a message without headers, which is what a sender serialises, or if the cursor is longer
    /// than 255 characters.
    /// </summary>
    public static ReadOnlyMemory<byte> Splice(ReadOnlyMemory<byte> message, string cursor)
    {
        var bytes = message.Span;
        var lengthBytes = LengthBytes(bytes);
        var body = bytes[lengthBytes..];

        // An array of up to 15, the type in one byte, no headers.
        if (lengthBytes == 0 || body.Length < 3 || (body[0] & 0xf0) != FixArray || body[1] > 0x7f || body[2] != FixMap || cursor.Length > byte.MaxValue)
            return message;

        var textBytes = cursor.Length <= MaxFixText ? 1 : 2;
        var length = body.Length + Name.Length + textBytes + cursor.Length;
        var result = new byte[LengthBytes(length) + length];
        var at = WriteLength(result, length);
        result[at++] = body[0];
        result[at++] = body[1];
        result[at++] = FixMap | 1;
        Name.CopyTo(result.AsSpan(at));
        at += Name.Length;
        if (textBytes == 2)
            result[at++] = Text8;
        result[at++] = textBytes == 2 ? (byte)cursor.Length : (byte)(FixText | cursor.Length);
        at += Encoding.ASCII.GetBytes(cursor, result.AsSpan(at));
        body[3..].CopyTo(result.AsSpan(at));
        return result;
    }

    /// <summary>How many bytes at the front hold the length; 0 if there is none.</summary>
    private static int LengthBytes(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < Math.Min(bytes.Length, MaxLengthBytes); i++)
        {
            if (bytes[i] < 0x80)
                return i + 1;
        }

        return 0;
    }

    private static int LengthBytes(int length)
    {
        var count = 1;
        while ((length >>= 7) > 0)
            count++;
        return count;
    }

    private static int WriteLength(Span<byte> target, int length)
    {
        var at = 0;
        for (; length > 0x7f; length >>= 7)
            target[at++] = (byte)(length | 0x80);
        target[at++] = (byte)length;
        return at;
    }
}

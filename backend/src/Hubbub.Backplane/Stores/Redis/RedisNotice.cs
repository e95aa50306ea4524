using System.Buffers.Text;
using System.Text;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>
/// The message that an append publishes: <c>epoch.run first tail</c> and a space, then of each record the length of its body in decimal, a colon and the
/// body. Without bodies, where they are too large to be sent to everybody, <c>first</c> is 0. <c>run</c> is the server's run id. The release
/// before wrote the epoch alone, and takes the first word for the name of an epoch that it does not know, so it asks the store.
/// </summary>
internal static class RedisNotice
{
    /// <summary>Bodies of one append up to this many bytes together are published with it.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads a message. One that is not understood, such as that of another version, says only that there may be something to read.</summary>
    public static LogNotice Read(ReadOnlyMemory<byte> message)
    {
        var rest = message;
        if (!TryTakeWord(ref rest, (byte)' ', out var life) || !TryTakeNumber(ref rest, (byte)' ', out var first)
            || !TryTakeNumber(ref rest, (byte)' ', out var tail) || first < 0 || tail < 0
            || !TryTakeWord(ref life, (byte)'.', out var epoch))
        {
            return LogNotice.Unknown;
        }

        var count = first > 0 ? tail - first + 1 : 0;
        if (count < 0 || count > rest.Length / 2)
            return LogNotice.Unknown;
        var entries = count > 0 ? new LogEntry[count] : [];
        for (var i = 0; i < entries.Length; i++)
        {
            if (!TryTakeNumber(ref rest, (byte)':', out var length) || length < 0 || length > rest.Length)
                return LogNotice.Unknown;
            entries[i] = new LogEntry(first + i, rest[..(int)length]);
            rest = rest[(int)length..];
        }

        return rest.IsEmpty
            ? new LogNotice(Encoding.ASCII.GetString(epoch.Span), tail, entries) { Incarnation = Encoding.ASCII.GetString(life.Span) }
            : LogNotice.Unknown;
    }

    private static bool TryTakeNumber(ref ReadOnlyMemory<byte> rest, byte end, out long number)
    {
        number = 0;
        return TryTakeWord(ref rest, end, out var word) && Utf8Parser.TryParse(word.Span, out number, out var used) && used == word.Length;
    }

    private static bool TryTakeWord(ref ReadOnlyMemory<byte> rest, byte end, out ReadOnlyMemory<byte> word)
    {
        var length = rest.Span.IndexOf(end);
        word = length > 0 ? rest[..length] : default;
        if (length > 0)
            rest = rest[(length + 1)..];
        return length > 0;
    }
}

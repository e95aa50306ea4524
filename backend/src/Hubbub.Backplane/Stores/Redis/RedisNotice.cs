using System.Buffers.Text;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>
/// The message that an append publishes: <c>epoch first tail</c> and a space, then of each record the length of its body in decimal, a colon and the
/// body. Without bodies, where they are too large to be sent to everybody, <c>first</c> is 0.
/// </summary>
internal static class RedisNotice
{
    /// <summary>Bodies of one append up to this many bytes together are published with it.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Reads a message. One that is not understood, such as that of another version, says only that there may be something to read.</summary>
    public static LogNotice Read(ReadOnlyMemory<byte> message)
    {
        var rest = message;
        if (!TryTakeWord(ref rest, (byte)' ', out var epoch) || !TryTakeNumber(ref rest, (byte)' ', out var first)
            || !TryTakeNumber(ref rest, (byte)' ', out var tail) || first < 0 || tail < 0)
        {
            return LogNotice.Unknown;
        }

        var entries = new List<LogEntry>();
        while (first > 0 && !rest.IsEmpty)
        {
            if (!TryTakeNumber(ref rest, (byte)':', out var length) || length < 0 || length > rest.Length)
                return LogNotice.Unknown;
            entries.Add(new LogEntry(first + entries.Count, rest[..(int)length]));
            rest = rest[(int)length..];
        }

        var isWhole = entries.Count == 0 || entries[^1].Offset == tail;
        return isWhole ? new LogNotice(System.Text.Encoding.ASCII.GetString(epoch.Span), tail, entries) : LogNotice.Unknown;
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

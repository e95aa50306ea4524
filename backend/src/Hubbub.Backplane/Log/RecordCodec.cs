using System.Buffers.Binary;
using System.Text;

namespace Hubbub.Backplane.Log;

/// <summary>
/// Turns records into bytes and back. Layout, all integers little-endian, <c>text</c> = varint length + UTF-8, <c>bytes</c> = varint length + bytes:
/// <code>
/// byte   format version, 1
/// byte   kind
/// uint32 tag
/// int64  time, Unix milliseconds
/// text   origin
/// text   target
/// text   group
/// text   user
/// text   invocation id
/// text   only on
/// varint number of excluded connections, then a text each
/// varint number of messages, then text protocol and bytes message each
/// bytes  trace context, 25 bytes; left out if the send was not traced
/// ...    whatever a later version adds, ignored
/// </code>
/// A reader of version 1 refuses other versions: a change that old readers must not ignore gets a new number.
/// </summary>
internal static class RecordCodec
{
    private const byte Version = 1;
    private const int FixedLength = 1 + 1 + 4 + 8;

    public static byte[] Encode(LogRecord record)
    {
        var bytes = new byte[LengthOf(record)];
        var writer = new Writer(bytes);
        writer.Byte(Version);
        writer.Byte((byte)record.Kind);
        writer.UInt32(record.Tag);
        writer.Int64(record.Time.ToUnixTimeMilliseconds());
        writer.Text(record.Origin);
        writer.Text(record.Target);
        writer.Text(record.Group);
        writer.Text(record.User);
        writer.Text(record.InvocationId);
        writer.Text(record.OnlyOn);
        writer.VarInt(record.Excluded.Count);
        foreach (var id in record.Excluded)
            writer.Text(id);
        writer.VarInt(record.Messages.Count);
        foreach (var message in record.Messages)
        {
            writer.Text(message.Protocol);
            writer.Bytes(message.Bytes.Span);
        }

        if (record.TraceContext is { } trace)
            writer.Bytes(trace);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not a record of this version.</exception>
    public static LogRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new Reader(bytes);
        var version = reader.Byte();
        if (version != Version)
            throw new InvalidDataException($"Record format {version} is not known; this replica reads format {Version}.");

        return new LogRecord
        {
            Kind = (RecordKind)reader.Byte(),
            Tag = reader.UInt32(),
            Time = Time(reader.Int64()),
            Origin = reader.Text(),
            Target = reader.Text(),
            Group = reader.Text(),
            User = reader.Text(),
            InvocationId = reader.Text(),
            OnlyOn = reader.Text(),
            Excluded = reader.Texts(),
            Messages = reader.Messages(),
            TraceContext = reader.TraceContext(),
        };
    }

    /// <summary>The record, or null if the bytes are none of this version.</summary>
    public static LogRecord? TryDecode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Decode(bytes);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The time of a record, without decoding the rest; null if the bytes are no record of this version.</summary>
    public static DateTimeOffset? TimeOf(ReadOnlyMemory<byte> bytes) =>
        bytes.Length >= FixedLength && bytes.Span[0] == Version && BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[6..]) is var time && IsTime(time)
            ? Time(time)
            : null;

    /// <summary>
    /// The tag of a record, without decoding the rest; null if the bytes are too short to have one. It keeps its place in all versions of the
    /// format, so that replicas of two releases agree on it.
    /// </summary>
    public static uint? TagOf(ReadOnlyMemory<byte> bytes) =>
        bytes.Length >= FixedLength ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[2..]) : null;

    private static bool IsTime(long milliseconds) => milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999;

    private static DateTimeOffset Time(long milliseconds) =>
        IsTime(milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new InvalidDataException("A record's time is out of range.");

    private static int LengthOf(LogRecord record)
    {
        var length = FixedLength + TextLength(record.Origin) + TextLength(record.Target) + TextLength(record.Group)
            + TextLength(record.User) + TextLength(record.InvocationId) + TextLength(record.OnlyOn)
            + VarIntLength(record.Excluded.Count) + VarIntLength(record.Messages.Count);
        foreach (var id in record.Excluded)
            length += TextLength(id);
        foreach (var message in record.Messages)
            length += TextLength(message.Protocol) + VarIntLength(message.Bytes.Length) + message.Bytes.Length;
        if (record.TraceContext is { } trace)
            length += VarIntLength(trace.Length) + trace.Length;
        return length;
    }

    private static int TextLength(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        return VarIntLength(bytes) + bytes;
    }

    private static int VarIntLength(int value)
    {
        var length = 1;
        while ((value >>= 7) != 0)
            length++;
        return length;
    }

    private ref struct Writer(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void Byte(byte value)
        {
            _rest[0] = value;
            _rest = _rest[1..];
        }

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void Int64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
            _rest = _rest[8..];
        }

        public void VarInt(int value)
        {
            var left = (uint)value;
            while (left >= 0x80)
            {
                Byte((byte)(left | 0x80));
                left >>= 7;
            }

            Byte((byte)left);
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            VarInt(value.Length);
            value.CopyTo(_rest);
            _rest = _rest[value.Length..];
        }

        public void Text(string value)
        {
            VarInt(Encoding.UTF8.GetByteCount(value));
            _rest = _rest[Encoding.UTF8.GetBytes(value, _rest)..];
        }
    }

    private ref struct Reader(ReadOnlyMemory<byte> bytes)
    {
        private int _at = 0;

        public byte Byte() => Take(1)[0];

        public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

        public string Text()
        {
            var text = Take(VarInt());
            return text.IsEmpty ? "" : Encoding.UTF8.GetString(text);
        }

        public string[] Texts()
        {
            var count = Count();
            if (count == 0)
                return [];
            var texts = new string[count];
            for (var i = 0; i < count; i++)
                texts[i] = Text();
            return texts;
        }

        public WireMessage[] Messages()
        {
            var count = Count();
            if (count == 0)
                return [];
            var messages = new WireMessage[count];
            for (var i = 0; i < count; i++)
            {
                var protocol = Text();
                var length = VarInt();
                Take(length);
                messages[i] = new WireMessage(protocol, bytes.Slice(_at - length, length));
            }

            return messages;
        }

        /// <summary>Null if the record ends before it, or has something else there.</summary>
        public byte[]? TraceContext()
        {
            const int Length = Log.TraceContext.Length;
            return bytes.Length - _at > Length && bytes.Span[_at] == Length ? bytes.Span.Slice(_at + 1, Length).ToArray() : null;
        }

        /// <summary>A number of items, each at least one byte long: a larger number than there are bytes left is a lie that must not be allocated.</summary>
        private int Count()
        {
            var count = VarInt();
            return count <= bytes.Length - _at ? count : throw new InvalidDataException("A record counts more items than it holds bytes.");
        }

        private int VarInt()
        {
            var value = 0u;
            for (var shift = 0; shift < 35; shift += 7)
            {
                var part = Byte();
                value |= (uint)(part & 0x7f) << shift;
                if (part < 0x80)
                    return value <= int.MaxValue ? (int)value : throw new InvalidDataException("A length in a record is out of range.");
            }

            throw new InvalidDataException("A length in a record is not a varint.");
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count > bytes.Length - _at)
                throw new InvalidDataException("A record ends too early.");
            _at += count;
            return bytes.Span.Slice(_at - count, count);
        }
    }
}

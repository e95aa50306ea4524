using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>
/// Takes replies in RESP2 out of bytes as they come in. It keeps what it has understood, so no byte of a body is looked at twice and a
/// body is copied once, into the array that the caller gets.
/// </summary>
/// <remarks>After an exception it must not be used again: it no longer knows where a reply begins.</remarks>
internal sealed class RespParser(RespLimits limits)
{
    private readonly Stack<OpenArray> _open = new();
    private byte[]? _bulk;
    private int _bulkFilled;
    private long _bytes;
    private int _elements;

    /// <summary>Takes at most one reply from the start of <paramref name="buffer"/>, which is moved past all that was understood.</summary>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="RespProtocolException">What came is not RESP2, or is beyond the limits.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out RespValue reply)
    {
        while (TryReadItem(ref buffer, out var item))
        {
            if (item is { } value && Complete(value) is { } whole)
            {
                reply = whole;
                _bytes = 0;
                _elements = 0;
                return true;
            }
        }

        reply = default;
        return false;
    }

    /// <summary>
    /// Reads the next line or the next part of a body. The item is null when it was only the start of an array or a body.
    /// </summary>
    private bool TryReadItem(ref ReadOnlySequence<byte> buffer, out RespValue? item)
    {
        item = null;
        if (_bulk is not null)
        {
            item = TryReadBulk(ref buffer);
            return item is not null;
        }

        if (!TryReadLine(ref buffer, out var line))
            return false;
        item = line.IsSingleSegment ? Understand(line.FirstSpan) : Understand(line.ToArray());
        return true;
    }

    private bool TryReadLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        var window = buffer.Slice(0, Math.Min(buffer.Length, limits.MaxLineBytes));
        if (window.PositionOf((byte)'\n') is not { } end)
        {
            if (window.Length == limits.MaxLineBytes)
                throw new RespProtocolException($"A line of a reply is longer than {limits.MaxLineBytes} bytes.");
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        if (line.Length < 2 || line.Slice(line.Length - 1).FirstSpan[0] != '\r')
            throw new RespProtocolException("A line of a reply does not end in CR LF.");
        line = line.Slice(0, line.Length - 1);
        return true;
    }

    private RespValue? Understand(ReadOnlySpan<byte> line)
    {
        var rest = line[1..];
        switch (line[0])
        {
            case (byte)'+':
                TakeBytes(rest.Length);
                return RespValue.SimpleString(Encoding.UTF8.GetString(rest));
            case (byte)'-':
                TakeBytes(rest.Length);
                return RespValue.FromError(Encoding.UTF8.GetString(rest));
            case (byte)':':
                return RespValue.Integer(Number(rest));
            case (byte)'$':
                return StartBulk(Number(rest));
            case (byte)'*':
                return StartArray(Number(rest));
            default:
                throw new RespProtocolException($"A reply begins with the byte {line[0]}, which is no kind of RESP2.");
        }
    }

    private RespValue? StartBulk(long length)
    {
        if (length == -1)
            return RespValue.Null;
        TakeBytes(length);
        _bulk = new byte[length];
        _bulkFilled = 0;
        return null;
    }

    private RespValue? TryReadBulk(ref ReadOnlySequence<byte> buffer)
    {
        var part = buffer.Slice(0, Math.Min(buffer.Length, _bulk!.Length - _bulkFilled));
        part.CopyTo(_bulk.AsSpan(_bulkFilled));
        _bulkFilled += (int)part.Length;
        buffer = buffer.Slice(part.End);
        if (_bulkFilled < _bulk.Length || buffer.Length < 2)
            return null;

        Span<byte> end = stackalloc byte[2];
        buffer.Slice(0, 2).CopyTo(end);
        if (!end.SequenceEqual("\r\n"u8))
            throw new RespProtocolException("A body in a reply does not end in CR LF.");
        buffer = buffer.Slice(2);
        var value = RespValue.Bulk(_bulk);
        _bulk = null;
        return value;
    }

    private RespValue? StartArray(long length)
    {
        if (length == -1)
            return RespValue.Null;
        if (length < 0 || length > limits.MaxElements - _elements)
            throw new RespProtocolException($"A reply has more than {limits.MaxElements} elements, or a negative number of them.");
        if (length == 0)
            return RespValue.Array([]);
        if (_open.Count == limits.MaxDepth)
            throw new RespProtocolException($"A reply is nested deeper than {limits.MaxDepth}.");
        _elements += (int)length;
        _open.Push(new OpenArray((int)length));
        return null;
    }

    /// <summary>Puts a value where it belongs; returns the whole reply when that was its last part.</summary>
    private RespValue? Complete(RespValue value)
    {
        while (_open.TryPeek(out var array))
        {
            array.Items[array.Filled++] = value;
            if (array.Filled < array.Items.Length)
                return null;
            _open.Pop();
            value = RespValue.Array(array.Items);
        }

        return value;
    }

    private void TakeBytes(long count)
    {
        if (count < 0 || count > limits.MaxReplyBytes - _bytes)
            throw new RespProtocolException($"A reply has more than {limits.MaxReplyBytes} bytes, or a negative number of them.");
        _bytes += count;
    }

    private static long Number(ReadOnlySpan<byte> digits)
    {
        if (digits is [] or [(byte)'+', ..] || !Utf8Parser.TryParse(digits, out long number, out var used) || used != digits.Length)
            throw new RespProtocolException("A number in a reply is malformed.");
        return number;
    }

    private sealed class OpenArray(int length)
    {
        public RespValue[] Items { get; } = new RespValue[length];

        public int Filled { get; set; }
    }
}

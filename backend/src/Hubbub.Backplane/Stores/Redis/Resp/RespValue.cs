using System.Text;

namespace Hubbub.Backplane.Stores.Redis.Resp;

internal enum RespKind
{
    Null,
    SimpleString,
    Error,
    Integer,
    Bulk,
    Array,
}

/// <summary>A value of RESP2. The accessors throw <see cref="RespProtocolException"/> when it is of another kind.</summary>
internal readonly struct RespValue
{
    private readonly long _integer;
    private readonly object? _content;

    private RespValue(RespKind kind, long integer, object? content)
    {
        Kind = kind;
        _integer = integer;
        _content = content;
    }

    public static RespValue Null => default;

    public RespKind Kind { get; }

    /// <summary>The text of an error, or null when it is none. Its first word is the code.</summary>
    public string? Error => Kind == RespKind.Error ? (string)_content! : null;

    public static RespValue SimpleString(string text) => new(RespKind.SimpleString, 0, text);

    public static RespValue FromError(string text) => new(RespKind.Error, 0, text);

    public static RespValue Integer(long value) => new(RespKind.Integer, value, null);

    public static RespValue Bulk(byte[] bytes) => new(RespKind.Bulk, 0, bytes);

    public static RespValue Array(RespValue[] items) => new(RespKind.Array, 0, items);

    public long AsInteger() => Kind == RespKind.Integer ? _integer : throw Mismatch("an integer");

    public byte[] AsBytes() => Kind == RespKind.Bulk ? (byte[])_content! : throw Mismatch("a bulk string");

    public RespValue[] AsArray() => Kind == RespKind.Array ? (RespValue[])_content! : throw Mismatch("an array");

    public string AsText() => Kind switch
    {
        RespKind.SimpleString => (string)_content!,
        RespKind.Bulk => Encoding.UTF8.GetString((byte[])_content!),
        _ => throw Mismatch("a string"),
    };

    private RespProtocolException Mismatch(string expected) => new($"Redis has answered {Kind} where {expected} was expected.");
}

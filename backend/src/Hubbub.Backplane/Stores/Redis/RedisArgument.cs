using System.Globalization;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>An argument of a command: text, sent as UTF-8, or bytes.</summary>
internal readonly struct RedisArgument
{
    private RedisArgument(string? text, ReadOnlyMemory<byte> bytes)
    {
        Text = text;
        Bytes = bytes;
    }

    /// <summary>Null when it is bytes.</summary>
    public string? Text { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static implicit operator RedisArgument(string text) => new(text, default);

    public static implicit operator RedisArgument(long number) => new(number.ToString(CultureInfo.InvariantCulture), default);

    public static implicit operator RedisArgument(ReadOnlyMemory<byte> bytes) => new(null, bytes);
}

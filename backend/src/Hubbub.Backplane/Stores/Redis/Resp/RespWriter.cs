using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>Writes commands: an array of bulk strings each.</summary>
internal static class RespWriter
{
    private const int MaxHeader = 1 + 11 + 2;

    public static void WriteCommand(IBufferWriter<byte> output, params ReadOnlySpan<RedisArgument> parts)
    {
        WriteHeader(output, (byte)'*', parts.Length);
        foreach (var part in parts)
            WriteArgument(output, part);
    }

    public static void WriteEvaluate(
        IBufferWriter<byte> output, string command, string script, IReadOnlyList<string> keys, IReadOnlyList<RedisArgument> arguments)
    {
        WriteHeader(output, (byte)'*', 3 + keys.Count + arguments.Count);
        WriteArgument(output, command);
        WriteArgument(output, script);
        WriteArgument(output, keys.Count);
        for (var i = 0; i < keys.Count; i++)
            WriteArgument(output, keys[i]);
        for (var i = 0; i < arguments.Count; i++)
            WriteArgument(output, arguments[i]);
    }

    private static void WriteArgument(IBufferWriter<byte> output, RedisArgument argument)
    {
        if (argument.Text is { } text)
        {
            WriteHeader(output, (byte)'$', Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text, output);
        }
        else
        {
            WriteHeader(output, (byte)'$', argument.Bytes.Length);
            output.Write(argument.Bytes.Span);
        }

        output.Write("\r\n"u8);
    }

    private static void WriteHeader(IBufferWriter<byte> output, byte kind, int length)
    {
        var span = output.GetSpan(MaxHeader);
        span[0] = kind;
        Utf8Formatter.TryFormat(length, span[1..], out var digits);
        span[digits + 1] = (byte)'\r';
        span[digits + 2] = (byte)'\n';
        output.Advance(digits + 3);
    }
}

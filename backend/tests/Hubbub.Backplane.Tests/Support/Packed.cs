using System.Buffers;
using MessagePack;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>Messages of the MessagePack hub protocol, shown as JSON: their length in seven bits of each byte, then MessagePack.</summary>
internal static class Packed
{
    /// <summary>A message with what the JSON says.</summary>
    public static byte[] Message(string json)
    {
        var body = MessagePackSerializer.ConvertFromJson(json);
        Assert.InRange(body.Length, 0, 0x3fff);
        return body.Length < 0x80 ? [(byte)body.Length, .. body] : [(byte)(body.Length | 0x80), (byte)(body.Length >> 7), .. body];
    }

    /// <summary>Takes the first whole message off the input.</summary>
    public static bool TryTake(ref ReadOnlySequence<byte> input, out string json)
    {
        json = "";
        var (length, at) = (0, 0);
        var bytes = input.ToArray();
        do
        {
            if (at == bytes.Length)
                return false;
            length |= (bytes[at] & 0x7f) << (7 * at);
        }
        while (bytes[at++] > 0x7f);
        if (bytes.Length < at + length)
            return false;
        json = MessagePackSerializer.ConvertToJson(bytes.AsMemory(at, length));
        input = input.Slice(at + length);
        return true;
    }
}

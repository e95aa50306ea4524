using System.Text;

namespace Hubbub.Server.Tests.Harness;

/// <summary>A span as it was exported.</summary>
/// <param name="Replica">The <c>service.instance.id</c> of its resource.</param>
/// <param name="Source">The activity source.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">2 is server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="TraceId">In hexadecimal digits.</param>
/// <param name="Id">In hexadecimal digits.</param>
/// <param name="ParentId">In hexadecimal digits; empty for the first span of a trace.</param>
/// <param name="Attributes">Those whose values are text.</param>
internal sealed record OtlpSpan(
    string Replica,
    string Source,
    string Name,
    ulong Kind,
    string TraceId,
    string Id,
    string ParentId,
    IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Reads an <c>ExportTraceServiceRequest</c>.</summary>
    public static IEnumerable<OtlpSpan> ReadAll(byte[] request)
    {
        foreach (var resourceSpans in Message.Read(request).All(1))
        {
            var replica = resourceSpans.All(1).Select(r => TextsOf(r, 1)).Select(r => r.GetValueOrDefault("service.instance.id", "")).FirstOrDefault("");
            foreach (var scopeSpans in resourceSpans.All(2))
            {
                var source = scopeSpans.All(1).Select(s => s.Text(1)).FirstOrDefault("");
                foreach (var span in scopeSpans.All(2))
                {
                    yield return new OtlpSpan(
                        replica, source, span.Text(5), span.Number(6), span.Hex(1), span.Hex(2), span.Hex(4), TextsOf(span, 9));
                }
            }
        }
    }

    private static Dictionary<string, string> TextsOf(Message message, int field)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in message.All(field))
            texts[pair.Text(1)] = pair.All(2).Select(value => value.Text(1)).FirstOrDefault("");
        return texts;
    }

    /// <summary>The fields of a protocol buffer's message, as far as these tests look at them.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, byte[] Bytes, ulong Number)> _fields = [];

        public static Message Read(ReadOnlySpan<byte> bytes)
        {
            var message = new Message();
            while (!bytes.IsEmpty)
            {
                var key = VarInt(ref bytes);
                switch (key & 7)
                {
                    case 0:
                        message._fields.Add(((int)(key >> 3), [], VarInt(ref bytes)));
                        break;
                    case 1:
                        bytes = bytes[8..];
                        break;
                    case 2:
                        var length = (int)VarInt(ref bytes);
                        message._fields.Add(((int)(key >> 3), bytes[..length].ToArray(), 0));
                        bytes = bytes[length..];
                        break;
                    case 5:
                        bytes = bytes[4..];
                        break;
                    default:
                        throw new InvalidDataException("This is not a message.");
                }
            }

            return message;
        }

        public IEnumerable<Message> All(int field) => Bytes(field).Select(bytes => Read(bytes));

        public string Text(int field) => Bytes(field).Select(Encoding.UTF8.GetString).FirstOrDefault("");

        public string Hex(int field) => Bytes(field).Select(Convert.ToHexStringLower).FirstOrDefault("");

        public ulong Number(int field) => _fields.Where(f => f.Field == field).Select(f => f.Number).FirstOrDefault();

        private IEnumerable<byte[]> Bytes(int field) => _fields.Where(f => f.Field == field).Select(f => f.Bytes);

        private static ulong VarInt(ref ReadOnlySpan<byte> bytes)
        {
            var value = 0ul;
            for (var shift = 0; ; shift += 7)
            {
                var part = bytes[0];
                bytes = bytes[1..];
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80)
                    return value;
            }
        }
    }
}

using System.Globalization;
using MessagePack;
using MessagePack.Formatters;

namespace Hubbub.Server.Platform.MessagePackPayloads;

/// <summary>A time as ISO 8601 text, as JSON has it; not all of MessagePack's libraries read the extension for times alike.</summary>
internal sealed class TimeAsText : IMessagePackFormatter<DateTimeOffset>
{
    public static readonly TimeAsText Instance = new();

    // System.Text.Json's form, which leaves out the zeros at the end of a fraction.
    public void Serialize(ref MessagePackWriter writer, DateTimeOffset value, MessagePackSerializerOptions options) =>
        writer.Write(value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));

    public DateTimeOffset Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        DateTimeOffset.Parse(reader.ReadString() ?? "", CultureInfo.InvariantCulture);
}

using System.Text;
using System.Text.Json;
using MessagePack;
using MessagePack.Formatters;

namespace Hubbub.Server.Platform.MessagePackPayloads;

/// <summary>Writes a value as JSON and that as MessagePack, and the other way round. It costs twice as much as JSON, and fits every type.</summary>
internal class ThroughJson<T>(JsonSerializerOptions json) : IMessagePackFormatter<T?>
{
    /// <inheritdoc />
    public virtual void Serialize(ref MessagePackWriter writer, T? value, MessagePackSerializerOptions options) =>
        MessagePackSerializer.ConvertFromJson(JsonSerializer.Serialize(value, json), ref writer, options);

    /// <inheritdoc />
    public T? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        var text = new StringBuilder();
        using (var target = new StringWriter(text, System.Globalization.CultureInfo.InvariantCulture))
            MessagePackSerializer.ConvertToJson(ref reader, target, options);
        return JsonSerializer.Deserialize<T>(text.ToString(), json);
    }
}

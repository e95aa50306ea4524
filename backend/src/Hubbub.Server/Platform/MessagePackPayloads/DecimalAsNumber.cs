using MessagePack;
using MessagePack.Formatters;

namespace Hubbub.Server.Platform.MessagePackPayloads;

/// <summary>A decimal as the number that JSON has, where MessagePack's own formatter writes text. Prices have two decimals, so nothing is lost.</summary>
internal sealed class DecimalAsNumber : IMessagePackFormatter<decimal>
{
    public static readonly DecimalAsNumber Instance = new();

    public void Serialize(ref MessagePackWriter writer, decimal value, MessagePackSerializerOptions options) => writer.Write((double)value);

    public decimal Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) => (decimal)reader.ReadDouble();
}

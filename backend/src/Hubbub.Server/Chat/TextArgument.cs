using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MessagePack;
using MessagePack.Formatters;

namespace Hubbub.Server.Chat;

/// <summary>
/// An argument of a hub call that ought to be a string. Anything is read without an error, so that the hub can say what is wrong:
/// SignalR's own answer to an argument of another type is a general one.
/// </summary>
/// <param name="Text">The string; null if the caller sent something else, or a string with half of a surrogate pair in it.</param>
/// <param name="IsBroken">The caller sent a string that is not text.</param>
[JsonConverter(typeof(Converter))]
[MessagePackFormatter(typeof(Formatter))]
internal readonly record struct TextArgument(string? Text, bool IsBroken = false)
{
    internal sealed class Converter : JsonConverter<TextArgument>
    {
        public override bool HandleNull => true;

        public override TextArgument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                return default;
            }

            try
            {
                return new TextArgument(reader.GetString());
            }
            catch (InvalidOperationException)
            {
                return new TextArgument(null, IsBroken: true);
            }
        }

        public override void Write(Utf8JsonWriter writer, TextArgument value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }

    internal sealed class Formatter : IMessagePackFormatter<TextArgument>
    {
        private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        public TextArgument Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            if (reader.NextMessagePackType != MessagePackType.String)
            {
                reader.Skip();
                return default;
            }

            try
            {
                return new TextArgument(Strict.GetString(reader.ReadStringSequence()!.Value));
            }
            catch (DecoderFallbackException)
            {
                return new TextArgument(null, IsBroken: true);
            }
        }

        public void Serialize(ref MessagePackWriter writer, TextArgument value, MessagePackSerializerOptions options) => writer.Write(value.Text);
    }
}

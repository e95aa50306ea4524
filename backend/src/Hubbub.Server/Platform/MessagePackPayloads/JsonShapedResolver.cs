using System.Collections.Concurrent;
using System.Text.Json;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;

namespace Hubbub.Server.Platform.MessagePackPayloads;

/// <summary>
/// Gives payloads the same shape in MessagePack as in JSON: the same names, ids and times as text, prices as numbers. The contract then has one
/// description for both, and a client can change its protocol without a change of its types. MessagePack's own resolvers write the names of the C#
/// properties, take public types only, and know nothing of the attributes that shape the JSON.
/// </summary>
/// <param name="json">How the JSON protocol writes payloads.</param>
internal sealed class JsonShapedResolver(JsonSerializerOptions json) : IFormatterResolver
{
    /// <summary>What MessagePack writes as JSON does: text, numbers, ids, lists, dictionaries, and types that bring a formatter of their own.</summary>
    private static readonly IFormatterResolver SameInBoth = CompositeResolver.Create(
        [
            DecimalAsNumber.Instance,
            new NullableFormatter<decimal>(),
            TimeAsText.Instance,
            new NullableFormatter<DateTimeOffset>(),
        ],
        [AttributeFormatterResolver.Instance, BuiltinResolver.Instance, DynamicGenericResolver.Instance, PrimitiveObjectResolver.Instance]);

    private readonly ConcurrentDictionary<Type, IMessagePackFormatter> _formatters = new();

    /// <inheritdoc />
    public IMessagePackFormatter<T>? GetFormatter<T>() =>
        (IMessagePackFormatter<T>)_formatters.GetOrAdd(typeof(T), static (_, json) => SameInBoth.GetFormatter<T>() ?? Create<T>(json), json);

    private static IMessagePackFormatter Create<T>(JsonSerializerOptions json) =>
        MembersAsInJson<T>.IsPlain(json.GetTypeInfo(typeof(T))) ? new MembersAsInJson<T>(json) : new ThroughJson<T>(json);
}

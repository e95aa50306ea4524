using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MessagePack;

namespace Hubbub.Server.Platform.MessagePackPayloads;

/// <summary>Writes an object's members under the names that they have in JSON, each as its own type is written.</summary>
internal sealed class MembersAsInJson<T>(JsonSerializerOptions json) : ThroughJson<T>(json)
{
    private readonly (byte[] Name, Type Type, Func<object, object?> Get)[] _members =
        [.. json.GetTypeInfo(typeof(T)).Properties.Where(p => p.Get is not null).Select(p => (Encoding.UTF8.GetBytes(p.Name), p.PropertyType, p.Get!))];

    /// <summary>True if nothing but names and members makes up the JSON of a type.</summary>
    public static bool IsPlain(JsonTypeInfo type) =>
        type is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null }
        && type.Properties.All(p => p is { CustomConverter: null, IsExtensionData: false, ShouldSerialize: null } || p.Get is null);

    /// <inheritdoc />
    public override void Serialize(ref MessagePackWriter writer, T? value, MessagePackSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteMapHeader(_members.Length);
        foreach (var (name, type, get) in _members)
        {
            writer.WriteString(name);
            MessagePackSerializer.Serialize(type, ref writer, get(value), options);
        }
    }
}

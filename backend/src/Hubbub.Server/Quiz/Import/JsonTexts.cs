using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Hubbub.Server.Quiz.Import;

/// <summary>Reads members of JSON that somebody else wrote.</summary>
internal static class JsonTexts
{
    /// <summary>A text that may be left out. What is no text is complained about and read as left out.</summary>
    public static string? Text(this JsonElement parent, string name, Action<string, string> complain) =>
        parent.TryGetProperty(name, out var value) ? value.AsText(name, complain) : null;

    /// <inheritdoc cref="Text(JsonElement, string, Action{string, string})" />
    public static string? AsText(this JsonElement value, string field, Action<string, string> complain)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            complain(field, "This has to be a text.");
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            complain(field, "This is not text: it has half of a character in it.");
            return null;
        }
    }

    /// <summary>Whether there is a list of that name.</summary>
    public static bool TryGetList(this JsonElement parent, string name, [NotNullWhen(true)] out IReadOnlyList<JsonElement>? list)
    {
        list = parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : null;
        return list is not null;
    }
}

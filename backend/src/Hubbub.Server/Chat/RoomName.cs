using System.Globalization;
using System.Text;
using Hubbub.Server.Platform;

namespace Hubbub.Server.Chat;

/// <summary>What a room may be called.</summary>
/// <param name="Text">As shown: one line, no white space at either end.</param>
/// <param name="Key">As compared: upper case, without invisible characters, so that two names that look the same are the same.
/// The database folds compatibility forms (full width, ligatures) on top of it.</param>
internal sealed record RoomName(string Text, string Key)
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxLength = 60;

    /// <summary>The name, or what is wrong with it.</summary>
    public static ChatResult<RoomName> Parse(string? raw)
    {
        var text = raw?.Trim() ?? "";
        if (!UnicodeText.CanBeStored(text) || text.EnumerateRunes().Any(IsUnfit))
            return ChatError.InvalidArgument("A room's name is one line without control characters.");
        if (!UnicodeText.IsVisible(text))
            return ChatError.InvalidArgument("A room needs a name.");
        if (text.Length > MaxLength)
            return ChatError.InvalidArgument(string.Create(CultureInfo.InvariantCulture, $"A room's name has at most {MaxLength} characters."));
        return new RoomName(text, KeyOf(text));
    }

    /// <summary>The form in which names are compared and searched.</summary>
    public static string KeyOf(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
                key.Append(Rune.ToUpperInvariant(rune).ToString());
        }

        return key.ToString();
    }

    // Controls break the line; the bidirectional ones reorder what stands around the name.
    private static bool IsUnfit(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}

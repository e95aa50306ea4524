using System.Globalization;
using System.Text;

namespace Hubbub.Server.Platform;

/// <summary>Questions about text that people typed.</summary>
internal static class UnicodeText
{
    /// <summary>False for what has no UTF-8 form (half of a surrogate pair) and for NUL, which PostgreSQL does not store.</summary>
    public static bool CanBeStored(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != System.Buffers.OperationStatus.Done || rune.Value == 0)
                return false;
            rest = rest[consumed..];
        }

        return true;
    }

    /// <summary>True if there is more than white space and formatting characters such as zero-width spaces.</summary>
    public static bool IsVisible(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control))
                return true;
        }

        return false;
    }
}

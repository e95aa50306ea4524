using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Hubbub.Server.Platform;

namespace Hubbub.Server.Quiz;

/// <summary>
/// Texts of questions. They are text and nothing else: what looks like HTML is stored and shown as it was written.
/// </summary>
internal static class QuizText
{
    /// <summary>The text without white space at its ends and with LF line ends, or what is wrong with it.</summary>
    /// <param name="raw">As it came; null is empty.</param>
    /// <param name="min">0 or 1 characters at least.</param>
    /// <param name="max">UTF-16 code units at most.</param>
    /// <param name="isOneLine">Whether it may not have line breaks.</param>
    /// <param name="text">The result.</param>
    /// <param name="complaint">A sentence.</param>
    public static bool TryClean(
        string? raw, int min, int max, bool isOneLine, out string text, [NotNullWhen(false)] out string? complaint)
    {
        text = (raw ?? "").ReplaceLineEndings("\n").Trim();
        complaint = null;
        if (!UnicodeText.CanBeStored(text))
            complaint = "This is not text: it has the character NUL or half of a character in it.";
        else if (text.Any(c => char.IsControl(c) && c != '\t' && (isOneLine || c != '\n')))
            complaint = isOneLine ? "This is one line without control characters." : "This has control characters in it.";
        else if (text.Length > max)
            complaint = string.Create(CultureInfo.InvariantCulture, $"This has {text.Length} characters; {max} is the most.");
        else if (min > 0 && !UnicodeText.IsVisible(text))
            complaint = "This is empty.";
        return complaint is null;
    }

    /// <summary>The form in which titles are compared and searched: upper case, without invisible characters, white space as one space.</summary>
    public static string KeyOf(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (key.Length > 0 && key[^1] != ' ')
                    key.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
            {
                key.Append(Rune.ToUpperInvariant(rune).ToString());
            }
        }

        return key.ToString().TrimEnd();
    }
}

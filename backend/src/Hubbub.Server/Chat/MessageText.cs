using System.Globalization;
using Hubbub.Server.Platform;

namespace Hubbub.Server.Chat;

/// <summary>What a message may say.</summary>
internal static class MessageText
{
    /// <summary>In UTF-16 code units, after white space at both ends is cut: what <c>text.length</c> is in a browser.</summary>
    public const int MaxLength = 4000;

    /// <summary>The refusal of a text that has no stored form.</summary>
    public static ChatError Unstorable { get; } =
        new(ChatErrorCodes.TextInvalid, "A message cannot hold the character NUL or half of a surrogate pair.");

    /// <summary>The text as it is stored: line ends are LF, and there is no white space at either end.</summary>
    public static ChatResult<string> Clean(string raw)
    {
        if (!UnicodeText.CanBeStored(raw))
            return Unstorable;

        var text = raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim();
        if (!UnicodeText.IsVisible(text))
            return new ChatError(ChatErrorCodes.TextEmpty, "A message needs at least one visible character.");
        if (text.Length > MaxLength)
            return new ChatError(ChatErrorCodes.TextTooLong, string.Create(CultureInfo.InvariantCulture, $"A message has at most {MaxLength} characters; this one has {text.Length}."));
        return text;
    }
}

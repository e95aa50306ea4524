using System.Globalization;

namespace Hubbub.Backplane.Log;

/// <summary>A place in a stream, as clients carry it: <c>epoch.offset</c>.</summary>
internal readonly record struct LogCursor(string Epoch, long Offset)
{
    /// <summary>Longer texts are not looked at.</summary>
    private const int MaxLength = 64;

    public static bool TryParse(string? text, out LogCursor cursor)
    {
        cursor = default;
        if (text is null || text.Length > MaxLength)
            return false;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return false;
        cursor = new LogCursor(text[..dot], offset);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Offset}");
}

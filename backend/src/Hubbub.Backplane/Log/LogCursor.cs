using System.Globalization;

namespace Hubbub.Backplane.Log;

/// <summary>
/// A place in a stream, as clients carry it: <c>epoch.tag.offset</c>, with the tag in hexadecimal, or <c>epoch.offset</c> where the tag is
/// not known.
/// </summary>
/// <param name="Epoch">The epoch of the offset.</param>
/// <param name="Offset">The last record that has been seen; 0 before the first one.</param>
/// <param name="Tag">
/// The tag of that record, which tells it from another one that got the same offset after the store lost data. Null where no record stands,
/// as at the start of an empty stream, and in cursors of releases that gave none.
/// </param>
/// <remarks>
/// The order of the parts is for clusters and pages of two releases: pages of the release before take everything up to the last dot for the
/// epoch and send the cursor back as it was; its replicas do not understand the cursor, and such a client reloads its snapshot.
/// </remarks>
internal readonly record struct LogCursor(string Epoch, long Offset, uint? Tag = null)
{
    /// <summary>Longer texts are not looked at.</summary>
    private const int MaxLength = 64;

    /// <summary>Reads both forms.</summary>
    public static bool TryParse(string? text, out LogCursor cursor)
    {
        cursor = default;
        if (text is null || text.Length > MaxLength)
            return false;
        var first = text.IndexOf('.', StringComparison.Ordinal);
        var last = text.LastIndexOf('.');
        if (first <= 0 || !long.TryParse(text.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return false;

        uint? tag = null;
        if (last > first)
        {
            if (!uint.TryParse(text.AsSpan(first + 1, last - first - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
                return false;
            tag = number;
        }

        cursor = new LogCursor(text[..first], offset, tag);
        return true;
    }

    public override string ToString() => Tag is { } tag
        ? string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{tag:x8}.{Offset}")
        : string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Offset}");
}

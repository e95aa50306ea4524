using System.Diagnostics;
using System.Globalization;

namespace Hubbub.Bench.Load;

/// <summary>What is published: <c>#</c>, the time in 19 digits, and filling.</summary>
internal static class Payload
{
    private const int StampLength = 19;

    /// <summary>A payload of about so many bytes that begins with the present time.</summary>
    public static string Now(int bytes) => string.Create(
        CultureInfo.InvariantCulture, $"#{Stopwatch.GetTimestamp():d19}{new string('x', Math.Max(0, bytes - StampLength - 1))}");

    /// <summary>How long ago a payload was made; null if it is none.</summary>
    public static TimeSpan? AgeOf(string payload) =>
        payload.Length > StampLength && long.TryParse(payload.AsSpan(1, StampLength), NumberStyles.None, CultureInfo.InvariantCulture, out var stamp)
            ? Stopwatch.GetElapsedTime(stamp)
            : null;
}

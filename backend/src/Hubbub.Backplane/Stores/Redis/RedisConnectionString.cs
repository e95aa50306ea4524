using System.Globalization;
using StackExchange.Redis;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>Reads connection strings, and says what is wrong with one without repeating what may be a password.</summary>
public static class RedisConnectionString
{
    /// <summary>Reads a connection string of StackExchange.Redis: <c>host:port[,host:port…][,name=value…]</c>.</summary>
    /// <exception cref="FormatException">It is none. The message is one sentence that repeats no value.</exception>
    public static ConfigurationOptions Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries);
        var firstSetting = Array.FindIndex(parts, part => part.Contains('=', StringComparison.Ordinal));
        if (firstSetting == 0)
            throw new FormatException("a connection string for Redis begins with host:port of a server");

        for (var i = Math.Max(firstSetting, 0); firstSetting >= 0 && i < parts.Length; i++)
        {
            // Most likely the tail of a password with a comma in it, which StackExchange.Redis would take for the name of another server.
            if (!parts[i].Contains('=', StringComparison.Ordinal))
                throw Wrong(i, "is not of the form name=value (a password with a comma cannot stand in a connection string)");
            if (!IsUnderstood("localhost," + parts[i]))
                throw Wrong(i, "has a name that StackExchange.Redis does not know, or a value that it does not take");
        }

        for (var i = 0; i < (firstSetting < 0 ? parts.Length : firstSetting); i++)
        {
            if (!IsEndpoint(parts[i]))
                throw Wrong(i, "is not host:port of a Redis server");
        }

        return ConfigurationOptions.Parse(connectionString);
    }

    private static bool IsUnderstood(string connectionString)
    {
        try
        {
            ConfigurationOptions.Parse(connectionString);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    private static bool IsEndpoint(string text)
    {
        if (text.StartsWith('!') || text.StartsWith('/'))
            return true; // a Unix domain socket
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']') && text.IndexOf(':', StringComparison.Ordinal) == colon;
        var host = hasPort || (colon >= 0 && text.StartsWith('[') && colon > text.LastIndexOf(']')) ? text[..colon] : text;
        var port = host.Length < text.Length ? text[(colon + 1)..] : null;
        return Uri.CheckHostName(host is ['[', .. var address, ']'] ? address : host) != UriHostNameType.Unknown
            && (port is null || (ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0));
    }

    private static FormatException Wrong(int index, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"part {index + 1} of the connection string for Redis, counted by commas, {what}"));
}

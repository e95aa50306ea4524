using StackExchange.Redis;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>The names that belong to a stream: two never meet, and a cluster keeps all keys of one together.</summary>
internal sealed class RedisKeys
{
    public RedisKeys(string prefix, string stream)
    {
        // What is in the first braces decides the place of a key in a cluster, so a brace in the name must not be taken for one of ours.
        var tag = stream.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("{", "%7B", StringComparison.Ordinal)
            .Replace("}", "%7D", StringComparison.Ordinal);
        var start = $"{prefix}{{{tag}}}:";
        All = [start + "meta", start + "log", start + "keys"];
        Channel = start + "bell";
    }

    /// <summary>As the scripts expect them: meta, log, keys.</summary>
    public RedisKey[] All { get; }

    /// <summary>The channel of the notifications.</summary>
    public string Channel { get; }
}

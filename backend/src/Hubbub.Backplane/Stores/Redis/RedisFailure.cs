using StackExchange.Redis;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>Tells a server that cannot do its work now from a call that no server will ever do.</summary>
internal static class RedisFailure
{
    /// <summary>What a script ran into, as Redis 6 reports it within another error.</summary>
    private static readonly string[] TemporaryInScripts = ["-OOM ", "-MISCONF ", "-READONLY ", "-NOREPLICAS ", "-MASTERDOWN "];

    /// <summary>
    /// True when the same call may succeed later: the server loads its data, has no memory or disk, is a replica, or does not know us.
    /// </summary>
    public static bool IsTemporary(RedisServerException exception) => exception.Kind switch
    {
        RedisErrorKind.Loading or RedisErrorKind.Busy or RedisErrorKind.OutOfMemory or RedisErrorKind.Misconfigured or RedisErrorKind.ReadOnly
            or RedisErrorKind.MasterDown or RedisErrorKind.NoReplicas or RedisErrorKind.TryAgain or RedisErrorKind.ClusterDown
            or RedisErrorKind.Moved or RedisErrorKind.Ask or RedisErrorKind.UnknownRedirectTarget or RedisErrorKind.MaxClients
            or RedisErrorKind.NoAuth or RedisErrorKind.WrongPass or RedisErrorKind.ConnectionFault or RedisErrorKind.Timeout => true,
        _ => exception.Message.StartsWith("UNKILLABLE ", StringComparison.Ordinal)
            || Array.Exists(TemporaryInScripts, code => exception.Message.Contains(code, StringComparison.Ordinal)),
    };

    /// <summary>True when there is no connection to a server that takes the call, or it ended before the answer came.</summary>
    public static bool IsOfConnection(Exception exception) =>
        exception is RedisConnectionException or RedisTimeoutException or RedisCommandException or ObjectDisposedException;
}

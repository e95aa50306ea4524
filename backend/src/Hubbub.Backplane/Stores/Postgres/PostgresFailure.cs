using System.Net.Sockets;
using Npgsql;

namespace Hubbub.Backplane.Stores.Postgres;

/// <summary>Tells a server that cannot do its work now from a call that no server will ever do.</summary>
internal static class PostgresFailure
{
    /// <summary>True when the same call may succeed later.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException e => IsUnavailable(e.SqlState) || IsSchemaGone(e),
        NpgsqlException or TimeoutException or IOException or SocketException or OperationCanceledException => true,
        _ => false,
    };

    /// <summary>
    /// True when what the store has made is not there (any more): somebody dropped the schema or restored the database without it.
    /// It is made again, and the stream then has another epoch.
    /// </summary>
    public static bool IsSchemaGone(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName
    };

    private static bool IsUnavailable(string state) => state switch
    {
        // Lost races that a repeat wins, a cancelled statement, and a server that has become a standby.
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction => true,

        // No such database, or not for us: an operator mends it while we run.
        PostgresErrorCodes.InvalidCatalogName => true,

        // Connection, authorisation, resources, operator intervention, system error, internal error.
        _ => state.Length == 5 && state[..2] is "08" or "28" or "53" or "57" or "58" or "XX",
    };
}

using System.ComponentModel.DataAnnotations;

namespace Hubbub.Backplane.Stores.Postgres;

/// <summary>Settings of the log in PostgreSQL.</summary>
public sealed class PostgresLogOptions
{
    /// <summary>
    /// The schema that holds the log, made by the store itself: lower-case letters, digits and underscores, 1 to 40. Two clusters in one
    /// database need two. It is also the name of the channel that carries the doorbell.
    /// </summary>
    [RegularExpression("^[a-z_][a-z0-9_]{0,39}$")]
    public string Schema { get; set; } = "hubbub_log";

    /// <summary>After this long without an answer a call fails as unavailable; 100 ms to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The connection that carries the doorbell is asked for a sign of life this often, so that one whose other end is gone is found;
    /// 100 ms to 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Calls that may be under way at a time, each with a connection of its own from the data source's pool; 1 to 64. More wait.
    /// </summary>
    [Range(1, 64)]
    public int MaxConnections { get; set; } = 8;

    /// <summary>The last sequence of a producer is forgotten when nothing came from it for this long; 1 minute to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ProducerLifetime { get; set; } = TimeSpan.FromDays(1);
}

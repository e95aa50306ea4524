using System.ComponentModel.DataAnnotations;
using StackExchange.Redis;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>Settings of the log in Redis.</summary>
public sealed class RedisLogOptions
{
    /// <summary>
    /// Where the server is and how to sign in, in the terms of StackExchange.Redis; most easily set by <see cref="UseConnectionString"/>. The log
    /// makes a connection of its own from a copy, on which it sets what it needs: it waits for a server that is away, fails what cannot be
    /// sent at once, and takes notifications over the same connection. Null to use <see cref="ConnectionFactory"/>, or else the
    /// <see cref="IConnectionMultiplexer"/> that is registered as a service, which is not disposed by the log.
    /// </summary>
    public ConfigurationOptions? Configuration { get; set; }

    /// <summary>Makes the connection in another way, and again if that fails. The log disposes it.</summary>
    public Func<Task<IConnectionMultiplexer>>? ConnectionFactory { get; set; }

    /// <summary>
    /// Begins the name of every key and channel; 1 to 64 characters without braces. Two clusters on one server need two.
    /// </summary>
    [Required]
    [RegularExpression("^[^{}]{1,64}$")]
    public string KeyPrefix { get; set; } = "hubbub:";

    /// <summary>
    /// After this long without an answer a call fails as unavailable, and a connection of the log's own is given up; 100 ms to 5 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The last sequence of a producer is forgotten when nothing came from it for this long; 1 minute to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ProducerLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Takes over a connection string of StackExchange.Redis: <c>host:port[,host:port…][,name=value…]</c>.</summary>
    /// <exception cref="FormatException">It is none. The message does not repeat any value, which may be the password.</exception>
    public void UseConnectionString(string connectionString) => Configuration = RedisConnectionString.Parse(connectionString);
}

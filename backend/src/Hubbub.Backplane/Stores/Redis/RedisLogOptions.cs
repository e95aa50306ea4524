using System.ComponentModel.DataAnnotations;
using System.Net.Security;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>Settings of the log in Redis.</summary>
public sealed class RedisLogOptions
{
    /// <summary>Name or address of the server.</summary>
    [Required]
    public string Host { get; set; } = "localhost";

    /// <summary>1 to 65535.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 6379;

    /// <summary>Null for the default user.</summary>
    public string? User { get; set; }

    /// <summary>Null when the server asks for none.</summary>
    public string? Password { get; set; }

    /// <summary>Whether to speak TLS (1.2 or newer).</summary>
    public bool Ssl { get; set; }

    /// <summary>Null to trust what the system trusts. To be set in code, for a private certificate authority.</summary>
    public RemoteCertificateValidationCallback? ValidateCertificate { get; set; }

    /// <summary>
    /// Begins the name of every key and channel; 1 to 64 characters without braces. Two clusters on one server need two.
    /// </summary>
    [Required]
    [RegularExpression("^[^{}]{1,64}$")]
    public string KeyPrefix { get; set; } = "hubbub:";

    /// <summary>A connection that is not ready after this long is given up; 100 ms to 5 min. It includes TLS and signing in.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After this long without an answer a call fails as unavailable, and its connection is given up; 100 ms to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The connection that carries the doorbell is asked for a sign of life this often, so that one whose other end is gone is found;
    /// 100 ms to 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Commands that may wait for their replies at a time, 1 to 10,000; more wait to be sent.</summary>
    [Range(1, 10_000)]
    public int MaxInFlight { get; set; } = 256;

    /// <summary>The last sequence of a producer is forgotten when nothing came from it for this long; 1 minute to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ProducerLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether a restarted server still has every record it confirmed: true only with <c>appendfsync always</c> and no fail-over to a
    /// replica. Otherwise every restart begins a new epoch, and clients that come back load a snapshot.
    /// </summary>
    public bool RestartLosesNothing { get; set; }

    /// <summary>
    /// Takes over a connection string: <c>host[:port][,password=…][,user=…][,ssl=true|false]</c>. An IPv6 address goes into brackets.
    /// </summary>
    /// <exception cref="FormatException">It is not of this form. The message does not repeat the password.</exception>
    public void UseConnectionString(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries);
        UseEndpoint(parts[0]);
        foreach (var part in parts[1..])
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? part : part[..equals].TrimEnd();
            var value = equals < 0 ? "" : part[(equals + 1)..].TrimStart();
            UseSetting(name, value);
        }
    }

    private void UseEndpoint(string endpoint)
    {
        var colon = endpoint.LastIndexOf(':');
        var isPort = colon >= 0 && colon > endpoint.LastIndexOf(']');
        var host = isPort ? endpoint[..colon] : endpoint;
        if (isPort)
        {
            if (!ushort.TryParse(endpoint.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out var port) || port == 0)
                throw new FormatException($"'{endpoint[(colon + 1)..]}' is not a port of a Redis server.");
            Port = port;
        }

        host = host is ['[', .. var address, ']'] ? address : host;
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new FormatException($"A connection string for Redis starts with host:port, '{host}' is not a host.");
        Host = host;
    }

    private void UseSetting(string name, string value)
    {
        switch (name.ToUpperInvariant())
        {
            case "PASSWORD":
                Password = value;
                break;
            case "USER":
                User = value;
                break;
            case "SSL" when bool.TryParse(value, out var ssl):
                Ssl = ssl;
                break;
            default:
                // Perhaps the tail of a password with a comma in it, so not to be shown.
                throw new FormatException("A connection string for Redis may have password, user and ssl=true|false after host:port, and nothing else.");
        }
    }
}

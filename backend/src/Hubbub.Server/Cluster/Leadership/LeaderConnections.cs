using Hubbub.Server.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Cluster.Leadership;

/// <summary>Opens the connections that hold offices. They are not of the pool: an advisory lock lives as long as its session, so a session is ended, not reused.</summary>
internal sealed class LeaderConnections : IAsyncDisposable
{
    private readonly LeadershipOptions _options;
    private readonly TimeProvider _time;
    private readonly Lazy<NpgsqlDataSource> _source;

    public LeaderConnections(
        IConfiguration configuration, IOptions<LeadershipOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options.Value;
        _time = time;
        _source = new Lazy<NpgsqlDataSource>(() => DatabaseSetup.CreateDataSource(configuration, loggers, Set));
    }

    /// <summary>Opens one, which the server ends by itself if it hears nothing for two leases.</summary>
    public async Task<LeaderConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.Value.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(
                """
                select set_config(name, value, false)
                from (values
                    ('idle_session_timeout', $1), ('idle_in_transaction_session_timeout', $1), ('tcp_user_timeout', $1),
                    ('tcp_keepalives_idle', '1'), ('tcp_keepalives_interval', '1'), ('tcp_keepalives_count', '3'),
                    ('lock_timeout', $2)) as settings (name, value)
                """,
                connection)
            {
                Parameters = { Milliseconds(_options.Lease * 2), Milliseconds(_options.Lease / 2) },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new LeaderConnection(connection, _options, _time);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.IsValueCreated ? _source.Value.DisposeAsync() : ValueTask.CompletedTask;

    private static NpgsqlParameter Milliseconds(TimeSpan time) => new()
    {
        Value = ((int)time.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private void Set(NpgsqlConnectionStringBuilder settings)
    {
        settings.Pooling = false;
        settings.ApplicationName = "hubbub leadership";
        settings.Timeout = Math.Min(settings.Timeout, 5);
        settings.CommandTimeout = Math.Max(1, (int)_options.Lease.TotalSeconds);
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = 1;
        settings.TcpKeepAliveInterval = 1;
    }
}

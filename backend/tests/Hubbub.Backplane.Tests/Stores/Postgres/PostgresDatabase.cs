using Hubbub.Backplane.Stores.Postgres;
using Hubbub.Backplane.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Backplane.Tests.Stores.Postgres;

/// <summary>A database of its own for a class of tests, dropped at the end.</summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
    private readonly string _name = "hubbub_log_test_" + Guid.NewGuid().ToString("n")[..12];
    private NpgsqlDataSource? _server;

    /// <summary>Connections of the tests themselves.</summary>
    public NpgsqlDataSource Admin { get; private set; } = null!;

    /// <summary>How a process of its own gets there.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(Requirement.Postgres) { Database = _name }.ConnectionString;

    /// <summary>A data source for a log, as a replica of its own would have.</summary>
    public NpgsqlDataSource CreateSource(Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(Requirement.Postgres) { Database = _name, ApplicationName = "log" };
        change?.Invoke(settings);
        return NpgsqlDataSource.Create(settings);
    }

    internal static PostgresMessageLog CreateLog(NpgsqlDataSource source, Action<PostgresLogOptions>? change = null)
    {
        // A slow machine is no outage; tests of outages set a shorter one.
        var options = new PostgresLogOptions { CommandTimeout = Eventually.Limit };
        change?.Invoke(options);
        return new PostgresMessageLog(source, Options.Create(options), TimeProvider.System, NullLogger<PostgresMessageLog>.Instance);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Admin.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Admin.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask InitializeAsync()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HUBBUB_TEST_POSTGRES")))
            return; // Each test says so itself: a fixture cannot skip.
        _server = NpgsqlDataSource.Create(Requirement.Postgres);
        await using (var create = _server.CreateCommand($"create database {_name}"))
            await create.ExecuteNonQueryAsync();
        Admin = CreateSource(settings => settings.ApplicationName = "admin");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
            return;
        await Admin.DisposeAsync();
        await using (var drop = _server.CreateCommand($"drop database {_name} with (force)"))
            await drop.ExecuteNonQueryAsync();
        await _server.DisposeAsync();
    }
}

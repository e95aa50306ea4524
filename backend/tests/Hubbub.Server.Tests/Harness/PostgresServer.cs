using Hubbub.Server.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Hubbub.Server.Tests.Harness;

/// <summary>The PostgreSQL server of the tests, given by <c>HUBBUB_TEST_POSTGRES</c>.</summary>
internal static class PostgresServer
{
    private const string Variable = "HUBBUB_TEST_POSTGRES";
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? _template;

    /// <summary>Whether there is one.</summary>
    public static bool IsThere => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The connection string to a database of the server; skips the test, or fails it where stores are required, if there is none.</summary>
    public static string ConnectionTo(string database)
    {
        if (!IsThere)
            throw SkipOrFail();
        return new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable(Variable)!)
        {
            Database = database,
            MaxPoolSize = 20,
            IncludeErrorDetail = true,
        }.ConnectionString;
    }

    /// <summary>Ends a test that needs the server and has none. It always throws; the result is for the compiler.</summary>
    public static Exception SkipOrFail(string reason = $"{Variable} does not name a PostgreSQL server")
    {
        if (Environment.GetEnvironmentVariable("HUBBUB_TEST_REQUIRE_STORES") is "1" || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
            Assert.Fail(reason);
        Assert.Skip(reason);
        return new InvalidOperationException(reason);
    }

    /// <summary>Runs a statement outside of the databases under test.</summary>
    public static async Task ExecuteAsync(string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionTo("postgres")) { Pooling = false, CommandTimeout = 120 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The name of a database with the newest schema and nothing else, made once in the process.</summary>
    public static async Task<string> GetTemplateAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (_template is not null)
                return _template;

            var name = $"hubbub_test_template_{Guid.CreateVersion7():n}";
            await ExecuteAsync($"create database {name}");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => ExecuteAsync($"drop database if exists {name} with (force)").GetAwaiter().GetResult();
            var settings = new NpgsqlConnectionStringBuilder(ConnectionTo(name)) { Pooling = false };
            await using (var database = NpgsqlDataSource.Create(settings))
            {
                var files = MigrationFile.ReadAll(typeof(Migrator).Assembly);
                await new Migrator(database, files, NullLogger<Migrator>.Instance).MigrateAsync(CancellationToken.None);
            }

            return _template = name;
        }
        finally
        {
            Gate.Release();
        }
    }
}

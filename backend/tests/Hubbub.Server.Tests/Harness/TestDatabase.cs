using Npgsql;

namespace Hubbub.Server.Tests.Harness;

/// <summary>A database of its own on the test server, dropped at the end.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _name;

    private TestDatabase(string name)
    {
        _name = name;
        ConnectionString = PostgresServer.ConnectionTo(name);
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    /// <summary>Unique on the server.</summary>
    public string Name => _name;

    /// <summary>For replicas.</summary>
    public string ConnectionString { get; }

    /// <summary>For looking into it, and for changing what only time or an accident would change.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>A database with the newest schema.</summary>
    public static async Task<TestDatabase> CreateAsync() => await CreateAsync($"template {await PostgresServer.GetTemplateAsync()}");

    /// <summary>A database without anything in it.</summary>
    public static Task<TestDatabase> CreateEmptyAsync() => CreateAsync(string.Empty);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await PostgresServer.ExecuteAsync($"drop database if exists {_name} with (force)");
    }

    private static async Task<TestDatabase> CreateAsync(string options)
    {
        var name = $"hubbub_test_{Guid.CreateVersion7():n}";
        await PostgresServer.ExecuteAsync($"create database {name} {options}");
        return new TestDatabase(name);
    }
}

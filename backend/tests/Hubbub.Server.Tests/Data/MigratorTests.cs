using Dapper;
using Hubbub.Server.Data;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Hubbub.Server.Tests.Data;

public sealed class MigratorTests
{
    private static readonly MigrationFile First = new(1, "first", "create table first (n integer); insert into first values (1)");
    private static readonly MigrationFile Second = new(2, "second", "create table second (n integer)");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_that_start_at_once_apply_each_step_once()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var files = MigrationFile.ReadAll(typeof(Migrator).Assembly);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MigrateAsync(database, [.. files])));

        await using var connection = await database.Source.OpenConnectionAsync(Stop);
        var applied = await connection.QueryAsync<int>("select number from schema_migrations order by number");
        Assert.Equal(files.Select(f => f.Number), applied);
    }

    [Fact]
    public async Task Steps_that_are_new_follow_those_that_are_there()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await MigrateAsync(database, First);
        await MigrateAsync(database, First, Second);

        await using var connection = await database.Source.OpenConnectionAsync(Stop);
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>("select count(*) from first"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from second"));
    }

    [Fact]
    public async Task A_step_that_has_changed_since_is_an_error_and_nothing_is_applied()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await MigrateAsync(database, First);

        var e = await Assert.ThrowsAsync<StartException>(() => MigrateAsync(database, First with { Sql = First.Sql + " " }, Second));
        Assert.Contains("001_first", e.Message, StringComparison.Ordinal);
        await using var connection = await database.Source.OpenConnectionAsync(Stop);
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>("select count(*) from schema_migrations"));
    }

    [Fact]
    public async Task A_checkout_with_other_line_ends_is_no_change()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await MigrateAsync(database, First with { Sql = "select 1;\nselect 2" });
        await MigrateAsync(database, First with { Sql = "select 1;\r\nselect 2" });
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_of_itself_and_what_was_before_it()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var broken = Second with { Sql = "create table second (n integer); select * from nowhere" };
        var e = await Assert.ThrowsAsync<StartException>(() => MigrateAsync(database, First, broken));
        Assert.Contains("002_second", e.Message, StringComparison.Ordinal);

        await MigrateAsync(database, First, Second);
    }

    [Fact]
    public async Task An_older_version_starts_on_a_newer_schema()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await MigrateAsync(database, First, Second);
        await MigrateAsync(database, First);
    }

    private static async Task MigrateAsync(TestDatabase database, params MigrationFile[] files)
    {
        // A pool of its own each, as replicas have.
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await new Migrator(source, files, NullLogger<Migrator>.Instance).MigrateAsync(Stop);
    }
}

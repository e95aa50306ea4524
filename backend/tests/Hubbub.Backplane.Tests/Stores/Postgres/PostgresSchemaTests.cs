using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.Postgres;
using Hubbub.Backplane.Tests.Support;
using Npgsql;

namespace Hubbub.Backplane.Tests.Stores.Postgres;

/// <summary>How the store makes its schema.</summary>
public sealed class PostgresSchemaTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Stream = "stream";

    private readonly string _schema = "log_" + Guid.NewGuid().ToString("n")[..12];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_that_start_together_make_it_once()
    {
        var sources = Enumerable.Range(0, 6).Select(_ => database.CreateSource()).ToList();
        var logs = sources.Select(source => PostgresDatabase.CreateLog(source, UseSchema)).ToList();

        var extents = await Task.WhenAll(logs.Select(log => log.OpenAsync(Stream, Token).AsTask()));

        Assert.Single(extents.Distinct());
        Assert.Equal(3, await database.ScalarAsync<int>($"select version from {_schema}.version"));
        await EndAsync(logs, sources);
    }

    [Fact]
    public async Task Replicas_of_the_version_before_go_on_appending_while_others_are_replaced()
    {
        await using var log = PostgresDatabase.CreateLog(database.Admin, UseSchema);
        await log.AppendAsync(Stream, "p", 1, "a");
        var asBefore = $"select log_tail from {_schema}.append('{Stream}', 'e', 'q', 1, array['b'::bytea], null::text[])";

        Assert.Equal(2, await database.ScalarAsync<long>(asBefore));
        Assert.Equal(["a", "b"], await log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task Two_schemas_do_not_meet()
    {
        await using var one = PostgresDatabase.CreateLog(database.Admin, UseSchema);
        await using var other = PostgresDatabase.CreateLog(database.Admin, options => options.Schema = _schema + "_b");
        await one.AppendAsync(Stream, "p", 1, "a");

        Assert.Empty(await other.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task A_role_without_privileges_of_its_own_can_make_and_use_it()
    {
        var role = _schema + "_role";
        await database.ExecuteAsync($"create role {role} login password 'x' nosuperuser nocreatedb nocreaterole");
        await database.ExecuteAsync($"grant create on database {await database.ScalarAsync<string>("select current_database()")} to {role}");
        try
        {
            await using var source = database.CreateSource(settings => (settings.Username, settings.Password) = (role, "x"));
            await using var log = PostgresDatabase.CreateLog(source, UseSchema);
            var bell = new Bell();
            using var subscription = log.Subscribe(Stream, bell.Ring);
            await log.AppendAsync(Stream, "p", 1, "a", "b");
            await log.TrimAsync(Stream, 1, Token);

            Assert.Equal(["b"], await log.ReadAllAsync(Stream));
            await Eventually.IsTrueAsync(() => bell.Count > 0, "it may listen");
        }
        finally
        {
            await database.ExecuteAsync($"drop owned by {role} cascade; drop role {role}");
        }
    }

    [Fact]
    public async Task A_schema_that_was_made_for_the_role_is_enough()
    {
        var role = _schema + "_role";
        await database.ExecuteAsync($"create role {role} login password 'x'; create schema {_schema} authorization {role}");
        try
        {
            await using var source = database.CreateSource(settings => (settings.Username, settings.Password) = (role, "x"));
            await using var log = PostgresDatabase.CreateLog(source, UseSchema);

            Assert.Equal(1, (await log.AppendAsync(Stream, "p", 1, "a")).Tail);
        }
        finally
        {
            await database.ExecuteAsync($"drop owned by {role} cascade; drop role {role}");
        }
    }

    [Fact]
    public async Task A_missing_privilege_is_no_outage()
    {
        var role = _schema + "_role";
        await database.ExecuteAsync($"create role {role} login password 'x'");
        try
        {
            await using var source = database.CreateSource(settings => (settings.Username, settings.Password) = (role, "x"));
            await using var log = PostgresDatabase.CreateLog(source, UseSchema);

            var e = await Assert.ThrowsAsync<PostgresException>(async () => await log.OpenAsync(Stream, Token));

            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, e.SqlState);
        }
        finally
        {
            await database.ExecuteAsync($"drop owned by {role} cascade; drop role {role}");
        }
    }

    [Fact]
    public async Task A_schema_of_a_newer_version_is_used_if_it_allows_it()
    {
        await using (var log = PostgresDatabase.CreateLog(database.Admin, UseSchema))
            await log.AppendAsync(Stream, "p", 1, "a");

        await database.ExecuteAsync($"update {_schema}.version set version = 9, compatible_from = 1");
        await using (var log = PostgresDatabase.CreateLog(database.Admin, UseSchema))
            Assert.Equal(["a"], await log.ReadAllAsync(Stream));

        await database.ExecuteAsync($"update {_schema}.version set compatible_from = 9");
        await using (var log = PostgresDatabase.CreateLog(database.Admin, UseSchema))
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await log.OpenAsync(Stream, Token));
    }

    [Fact]
    public async Task A_schema_that_somebody_dropped_is_made_again_and_the_stream_has_another_epoch()
    {
        await using var log = PostgresDatabase.CreateLog(database.Admin, UseSchema);
        var before = await log.AppendAsync(Stream, "p", 1, "a");
        await log.ReadAllAsync(Stream);
        await database.ExecuteAsync($"drop schema {_schema} cascade");

        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.AppendAsync(Stream, "p", 2, "b"));
        var after = await Eventually.AvailableAsync(() => log.AppendAsync(Stream, "p", 2, "b"));

        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(["b"], await log.ReadAllAsync(Stream));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a; drop table x")]
    [InlineData("1a")]
    public void Only_a_plain_name_is_taken(string name) => Assert.Throws<ArgumentException>(() => new PostgresSchema(name));

    private void UseSchema(PostgresLogOptions options) => options.Schema = _schema;

    private static async Task EndAsync(List<PostgresMessageLog> logs, List<NpgsqlDataSource> sources)
    {
        foreach (var log in logs)
            await log.DisposeAsync();
        foreach (var source in sources)
            await source.DisposeAsync();
    }
}

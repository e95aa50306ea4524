using Hubbub.Backplane.Resuming;
using Hubbub.Backplane.Tests.Stores.Postgres;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Resuming;

/// <summary>A PostgreSQL whose files were set back, as by a copy of its data directory: the epoch is the old one and records are missing.</summary>
public sealed class PostgresSetBackTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_cursor_of_a_lost_record_is_noticed_although_the_log_has_grown_past_it()
    {
        string cursor;
        await using (var source = database.CreateSource())
        await using (var log = PostgresDatabase.CreateLog(source))
        await using (var before = new Replica(log, "setback:"))
        {
            var client = await before.ResumeAsync("");
            await client.NextAsync();
            for (var i = 0; i < 3; i++)
                await before.Manager.SendAllAsync("N", [i]);
            await client.NextAsync();
            await client.NextAsync();
            cursor = (await client.ExpectAsync("N", 2)).Cursor!;
        }

        await database.ExecuteAsync("delete from hubbub_log.records where position > 1; update hubbub_log.streams set tail = 1");
        await using var newSource = database.CreateSource();
        await using var newLog = PostgresDatabase.CreateLog(newSource);
        await using var replica = new Replica(newLog, "setback:");
        await replica.ConnectAsync();
        for (var i = 0; i < 5; i++)
            await replica.Manager.SendAllAsync("Other", [i]);

        await (await replica.ResumeAsync(cursor)).ExpectAsync("Resumed", new Resumption(false, 0, "epoch"));
    }

    [Fact]
    public async Task A_replica_that_was_there_compares_what_it_knows_after_an_outage()
    {
        await using var source = database.CreateSource();
        await using var inner = PostgresDatabase.CreateLog(source);
        await using var log = new FaultyLog(inner);
        await using var replica = new Replica(log, "outage:");
        var client = await replica.ConnectAsync();
        await replica.Manager.SendAllAsync("Lost", []);
        await client.ExpectAsync("Lost");

        log.IsAway = true;
        await Eventually.IsTrueAsync(() => replica.Status.IsAway, "the outage is noticed");
        await database.ExecuteAsync("delete from hubbub_log.records where stream in (select id from hubbub_log.streams where name like 'outage:%');"
            + "update hubbub_log.streams set tail = 0 where name like 'outage:%'");
        await using (var otherSource = database.CreateSource())
        await using (var otherLog = PostgresDatabase.CreateLog(otherSource))
        await using (var other = new Replica(otherLog, "outage:"))
        {
            await other.ConnectAsync();
            await other.Manager.SendAllAsync("Other", []);
            await other.Manager.SendAllAsync("Other", []);
        }

        log.IsAway = false;
        await Eventually.IsTrueAsync(() => client.Connection.ConnectionAborted.IsCancellationRequested, "the client is dropped");
        client.AssertSilent();
    }
}

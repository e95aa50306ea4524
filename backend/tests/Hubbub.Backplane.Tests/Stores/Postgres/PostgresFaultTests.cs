using System.Diagnostics;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;
using Npgsql;

namespace Hubbub.Backplane.Tests.Stores.Postgres;

/// <summary>The store when connections die, the server does not answer, or has been another one meanwhile.</summary>
public sealed class PostgresFaultTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(1);

    private readonly string _stream = "stream-" + Guid.NewGuid().ToString("n");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_connections_lose_and_double_nothing()
    {
        await using var source = database.CreateSource(settings => settings.ApplicationName = "victim");
        await using var log = PostgresDatabase.CreateLog(source);
        await log.OpenAsync(_stream, Token);

        var appending = RetryingProducers.RunAsync(log, _stream, producers: 6, batches: 150);
        while (!appending.IsCompleted)
        {
            await database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'");
            await Task.WhenAny(appending, Task.Delay(20, Token));
        }

        Assert.True(await appending > 0, "no append was disturbed, so the test has shown nothing");
        await using var undisturbed = PostgresDatabase.CreateLog(database.Admin);
        RetryingProducers.AssertStoredOnce(await undisturbed.ReadAllAsync(_stream), producers: 6, batches: 150);
    }

    [Fact]
    public async Task The_doorbell_comes_back_when_its_connection_is_killed()
    {
        await using var source = database.CreateSource(settings => settings.ApplicationName = "listener");
        await using var log = PostgresDatabase.CreateLog(source);
        var bell = new Bell();
        using var subscription = log.Subscribe(_stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it rings when it starts to listen");

        var heard = bell.Count;
        var killed = await database.ScalarAsync<long>(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'listener'");
        Assert.Equal(1, killed);
        await Eventually.IsTrueAsync(() => bell.Count > heard, "it rings when it listens again, since notifications may be lost");

        heard = bell.Count;
        await using var other = PostgresDatabase.CreateLog(database.Admin);
        await other.AppendAsync(_stream, "p", 1, "a");
        await Eventually.IsTrueAsync(() => bell.Count > heard, "it rings for an append");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_fails_calls_in_bounded_time_and_a_repeat_is_not_stored_twice()
    {
        await using var proxy = Proxy();
        await using var source = database.CreateSource(settings => Through(settings, proxy));
        await using var log = PostgresDatabase.CreateLog(source, options => options.CommandTimeout = ShortTimeout);
        await log.AppendAsync(_stream, "p", 1, "a");

        proxy.Stall();
        var start = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.AppendAsync(_stream, "p", 2, "b"));
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.ReadAsync(_stream, 0, 10, Token));
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(_stream, Token));
        Assert.True(Stopwatch.GetElapsedTime(start) < Eventually.Limit, "each call ends by its time-out");
        proxy.Resume();

        await Eventually.AvailableAsync(() => log.AppendAsync(_stream, "p", 2, "b"));
        Assert.Equal(["a", "b"], await Eventually.AvailableAsync(() => new ValueTask<List<string>>(log.ReadAllAsync(_stream))));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_a_server_that_does_not_answer()
    {
        await using var proxy = Proxy();
        await using var source = database.CreateSource(settings => Through(settings, proxy));
        await using var log = PostgresDatabase.CreateLog(source, options => options.CommandTimeout = TimeSpan.FromMinutes(2));
        await log.OpenAsync(_stream, Token);
        proxy.Stall();
        using var cancelled = new CancellationTokenSource();

        var reading = log.ReadAsync(_stream, 0, 10, cancelled.Token).AsTask();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading.WaitAsync(Eventually.Limit, Token));
        proxy.Resume();
    }

    [Fact]
    public async Task The_doorbell_notices_that_its_connection_leads_nowhere()
    {
        await using var proxy = Proxy();
        await using var source = database.CreateSource(settings => Through(settings, proxy));
        await using var log = PostgresDatabase.CreateLog(source, options =>
        {
            options.KeepAlive = TimeSpan.FromMilliseconds(200);
            options.CommandTimeout = ShortTimeout;
        });
        var bell = new Bell();
        using var subscription = log.Subscribe(_stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");

        var before = proxy.Accepted;
        proxy.Stall();
        await Eventually.IsTrueAsync(() => proxy.Accepted > before, "it tries another connection");
        var heard = bell.Count;
        proxy.Resume();
        await Eventually.IsTrueAsync(() => bell.Count > heard, "it listens again");
    }

    [Fact]
    public async Task A_restart_keeps_the_epoch_and_another_life_of_the_data_ends_it()
    {
        await using var log = PostgresDatabase.CreateLog(database.Admin);
        var first = await log.AppendAsync(_stream, "p", 1, "a", "b");

        await database.ExecuteAsync($"update hubbub_log.streams set server_started = '2020-01-01' where name = '{_stream}'");
        Assert.Equal(first, (await log.ReadAsync(_stream, 0, 10, Token)).Extent);
        Assert.Equal(first, await log.OpenAsync(_stream, Token));

        await database.ExecuteAsync(
            $"update hubbub_log.streams set server_started = '2020-01-01', server_life = 'before the backup' where name = '{_stream}'");
        var slice = await log.ReadAsync(_stream, 0, 10, Token);
        Assert.NotEqual(first.Epoch, slice.Extent.Epoch);
        Assert.Equal(first with { Epoch = slice.Extent.Epoch }, slice.Extent);
        Assert.Equal(2, slice.Entries.Count);

        await database.ExecuteAsync(
            $"update hubbub_log.streams set server_started = '2020-01-01', server_life = 'before the fail-over' where name = '{_stream}'");
        var appended = await log.AppendAsync(_stream, "p", 2, "c");
        Assert.NotEqual(slice.Extent.Epoch, appended.Epoch);
        Assert.Equal(3, appended.Tail);
    }

    [Fact]
    public async Task A_producer_that_was_silent_for_long_is_forgotten_when_the_stream_is_trimmed()
    {
        await using var log = PostgresDatabase.CreateLog(database.Admin);
        await log.AppendAsync(_stream, "old", 1, "a");
        await log.AppendAsync(_stream, "new", 1, "b");
        await database.ExecuteAsync(
            $"update hubbub_log.producers set seen = now() - interval '25 hours' where producer = 'old' and stream = (select id from hubbub_log.streams where name = '{_stream}')");

        await log.TrimAsync(_stream, 1, Token);

        Assert.Equal(1, await database.ScalarAsync<long>(
            $"select count(*) from hubbub_log.producers where stream = (select id from hubbub_log.streams where name = '{_stream}')"));
        Assert.Equal(2, (await log.AppendAsync(_stream, "new", 1, "b")).Tail);
    }

    [Fact]
    public async Task Trimmed_records_are_deleted()
    {
        await using var log = PostgresDatabase.CreateLog(database.Admin);
        for (var i = 1; i <= 6; i++)
            await log.AppendAsync(_stream, "p", i, Enumerable.Repeat("a", 500).ToArray());

        await log.TrimAsync(_stream, 2990, Token);

        Assert.Equal(10, await database.ScalarAsync<long>(
            $"select count(*) from hubbub_log.records where stream = (select id from hubbub_log.streams where name = '{_stream}')"));
    }

    [Fact]
    public async Task A_hole_made_from_outside_is_not_passed_over()
    {
        await using var log = PostgresDatabase.CreateLog(database.Admin);
        await log.AppendAsync(_stream, "p", 1, "a", "b", "c");
        await database.ExecuteAsync(
            $"delete from hubbub_log.records where position = 2 and stream = (select id from hubbub_log.streams where name = '{_stream}')");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await log.ReadAsync(_stream, 0, 10, Token));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_unavailable()
    {
        await using var source = database.CreateSource(settings => settings.Database = "no_such_database");
        await using var log = PostgresDatabase.CreateLog(source);

        var e = await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(_stream, Token));

        Assert.IsType<PostgresException>(e.InnerException);
    }

    [Fact]
    public async Task After_dispose_calls_say_so()
    {
        await using var source = database.CreateSource();
        var log = PostgresDatabase.CreateLog(source);
        log.Subscribe(_stream, _ => { });
        await log.DisposeAsync();
        await log.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.OpenAsync(_stream, Token));
    }

    [Fact]
    public async Task Disposing_stops_listening()
    {
        await using var source = database.CreateSource(settings => settings.ApplicationName = "stops");
        var log = PostgresDatabase.CreateLog(source);
        var bell = new Bell();
        log.Subscribe(_stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");

        await log.DisposeAsync();

        Assert.Equal("unlisten *", await database.ScalarAsync<string>("select query from pg_stat_activity where application_name = 'stops'"));
    }

    private static StallingProxy Proxy()
    {
        var settings = new NpgsqlConnectionStringBuilder(Requirement.Postgres);
        return new StallingProxy(settings.Host!, settings.Port);
    }

    private static void Through(NpgsqlConnectionStringBuilder settings, StallingProxy proxy)
    {
        settings.Host = "127.0.0.1";
        settings.Port = proxy.Port;
        settings.ApplicationName = "half-open";
        settings.Timeout = 2;
    }
}

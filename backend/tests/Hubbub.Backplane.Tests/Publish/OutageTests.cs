using Hubbub.Backplane.Log;
using Hubbub.Backplane.Resuming;
using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Publish;

/// <summary>What senders and clients see when the store goes away.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly InMemoryMessageLog _store = new();
    private readonly FaultyLog _log;
    private Replica _replica = null!;

    public OutageTests() => _log = new FaultyLog(_store);

    /// <inheritdoc />
    public ValueTask InitializeAsync()
    {
        _replica = new Replica(_log, "outage:", options => options.PublishBudget = TimeSpan.FromSeconds(20));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _replica.DisposeAsync();

    [Fact]
    public async Task An_append_whose_answer_is_lost_is_not_stored_twice()
    {
        var client = await _replica.ConnectAsync();
        _log.LoseAnswers(3);
        await _replica.Manager.SendAllAsync("Once", []);
        await _replica.Manager.SendAllAsync("Next", []);
        await client.ExpectAsync("Once");
        await client.ExpectAsync("Next");
        Assert.Equal(5, _log.Appends);
    }

    [Fact]
    public async Task A_send_waits_while_the_store_is_away_and_succeeds_when_it_is_back_in_order()
    {
        var client = await _replica.ConnectAsync();
        _log.IsAway = true;
        var sends = Enumerable.Range(0, 10).Select(i => _replica.Manager.SendAllAsync("Late", [i])).ToList();
        await Eventually.IsTrueAsync(() => _log.Appends > 1, "the append is tried again");
        Assert.True(_replica.Status.IsAway);
        Assert.All(sends, send => Assert.False(send.IsCompleted));

        _log.IsAway = false;
        await Task.WhenAll(sends);
        for (var i = 0; i < 10; i++)
            await client.ExpectAsync("Late", i);
        await Eventually.IsTrueAsync(() => !_replica.Status.IsAway, "the status is well again");
    }

    [Fact]
    public async Task Clients_that_resume_are_told_that_the_store_is_away_and_that_it_is_back_and_others_are_not()
    {
        var client = await _replica.ResumeAsync("");
        await client.ExpectAsync("Resumed", new Resumption(false, 0, "new"));
        var plain = await _replica.ConnectAsync();

        _log.IsAway = true;
        Assert.Null((await client.ExpectAsync("Backplane", new { isAway = true })).Cursor);
        _log.IsAway = false;
        await client.ExpectAsync("Backplane", new { isAway = false });
        await _replica.Manager.SendAllAsync("Marker", []);
        await client.ExpectAsync("Marker");
        await plain.ExpectAsync("Marker");
    }

    [Fact]
    public async Task A_send_fails_clearly_when_the_store_stays_away_past_the_budget_and_later_sends_work()
    {
        await using var impatient = new Replica(_log, "outage:", options => options.PublishBudget = TimeSpan.FromMilliseconds(200));
        var client = await impatient.ConnectAsync();
        _log.IsAway = true;
        await Assert.ThrowsAsync<BackplaneUnavailableException>(() => impatient.Manager.SendAllAsync("Lost", []));
        _log.IsAway = false;
        await impatient.Manager.SendAllAsync("Found", []);
        await client.ExpectAsync("Found");
    }

    [Fact]
    public async Task More_sends_than_the_queue_holds_fail_at_once()
    {
        await using var small = new Replica(_log, "outage:", options => options.MaxQueuedRecords = 10);
        await small.ConnectAsync();
        _log.IsAway = true;
        var sends = Enumerable.Range(0, 50).Select(i => small.Manager.SendAllAsync("N", [i])).ToList();
        var failed = sends.Where(send => send.IsFaulted).ToList();
        Assert.InRange(failed.Count, 1, 40);
        Assert.All(failed, send => Assert.IsType<BackplaneUnavailableException>(send.Exception!.InnerException));
        _log.IsAway = false;
        await Task.WhenAll(sends.Except(failed));
    }

    [Fact]
    public async Task A_connection_is_refused_while_the_store_was_never_reached_and_accepted_later()
    {
        _log.IsAway = true;
        await using var starting = new Replica(_log, "outage:", options => options.PublishBudget = TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAsync<BackplaneUnavailableException>(() => starting.ConnectAsync());
        _log.IsAway = false;
        await starting.Manager.SendAllAsync("Unheard", []);
        await Eventually.IsTrueAsync(() => starting.Manager.Current.Length > 0, "the log is open");
        var client = await starting.ConnectAsync();
        await starting.Manager.SendAllAsync("Heard", []);
        await client.ExpectAsync("Heard");
    }

    [Fact]
    public async Task A_connection_is_accepted_while_the_store_is_away_and_gets_what_comes_after()
    {
        await _replica.ConnectAsync();
        _log.IsAway = true;
        var client = await _replica.ConnectAsync();
        var send = _replica.Manager.SendAllAsync("Late", []);
        _log.IsAway = false;
        await send;
        await client.ExpectAsync("Late");
    }

    [Fact]
    public async Task A_message_whose_doorbell_is_lost_arrives_by_the_poll()
    {
        _log.IsDeaf = true;
        var client = await _replica.ConnectAsync();
        await using var other = new Replica(_log, "outage:");
        await other.ConnectAsync();
        await other.Manager.SendAllAsync("Quiet", []);
        await client.ExpectAsync("Quiet");
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_skipped_and_those_behind_it_arrive()
    {
        var client = await _replica.ConnectAsync();
        var stream = "outage:" + typeof(TestHub).FullName;
        await _store.AppendAsync(stream, new AppendBatch("stranger", 1, [new NewRecord(new byte[] { 77 }, null), new NewRecord(default, null)]), default);
        await _replica.Manager.SendAllAsync("Behind", []);
        await client.ExpectAsync("Behind");
    }

    [Fact]
    public async Task When_the_store_begins_a_new_epoch_everyone_is_dropped_and_new_connections_work()
    {
        var client = await _replica.ConnectAsync();
        var stream = "outage:" + typeof(TestHub).FullName;
        var extent = await _store.OpenAsync(stream, default);
        await _store.ReplaceEpochAsync(stream, extent.Epoch, default);
        await Eventually.IsTrueAsync(() => client.Connection.ConnectionAborted.IsCancellationRequested, "the connection with the hole is dropped");
        await client.EndAsync(_replica.Manager);

        var again = await _replica.ConnectAsync();
        await _replica.Manager.SendAllAsync("Fresh", []);
        Assert.True(LogCursor.TryParse((await again.ExpectAsync("Fresh")).Cursor, out var cursor));
        Assert.NotEqual(extent.Epoch, cursor.Epoch);
    }

    [Fact]
    public async Task When_the_store_has_lost_everything_a_replica_that_sends_nothing_delivers_what_others_send()
    {
        await using var other = new Replica(_log, "outage:");
        var client = await _replica.ResumeAsync("");
        for (var i = 0; i < 20; i++)
            await _replica.Manager.SendAllAsync("Before", [i]);
        var before = (await client.NextAsync()).Cursor!;

        _log.LoseEverything();
        foreach (var replica in new[] { _replica, other })
            await Eventually.IsTrueAsync(() => Epoch(replica.Manager.Current) != Epoch(before), "the replica has heard of the new epoch");

        // What this replica stored last has a higher offset than anything in the new epoch.
        var plain = await _replica.ConnectAsync();
        await _replica.Manager.AddToGroupAsync(plain.Id, "room");
        var back = await _replica.ResumeAsync(before, onConnected: c => _replica.Manager.AddToGroupAsync(c.Id, "room"));
        await other.Manager.SendGroupAsync("room", "After", [1]);
        await plain.ExpectAsync("After", 1);
        await back.ExpectAsync("Resumed", new Resumption(false, 0, "epoch"));
        await back.ExpectAsync("After", 1);

        static string Epoch(string cursor) => cursor[..cursor.IndexOf('.', StringComparison.Ordinal)];
    }

    [Fact]
    public async Task When_records_were_trimmed_before_a_replica_read_them_everyone_there_is_dropped()
    {
        var client = await _replica.ConnectAsync();
        var stream = "outage:" + typeof(TestHub).FullName;
        _log.IsAway = true;
        for (var i = 1; i <= 5; i++)
            await _store.AppendAsync(stream, new AppendBatch("other", i, [new NewRecord(new byte[] { 77 }, null)]), default);
        await _store.TrimAsync(stream, 3, default);
        _log.IsAway = false;
        await Eventually.IsTrueAsync(() => client.Connection.ConnectionAborted.IsCancellationRequested, "the connection with the hole is dropped");
    }

    [Fact]
    public async Task Stopping_stores_what_was_sent_before()
    {
        await using var other = new Replica(_store, "outage:");
        var client = await other.ConnectAsync();
        var stopping = new Replica(_log, "outage:");
        await stopping.ConnectAsync();
        var sends = Enumerable.Range(0, 100).Select(i => stopping.Manager.SendAllAsync("Last", [i])).ToList();
        await stopping.DisposeAsync();
        await Task.WhenAll(sends);
        for (var i = 0; i < 100; i++)
            await client.ExpectAsync("Last", i);
        await Assert.ThrowsAsync<BackplaneUnavailableException>(() => stopping.Manager.SendAllAsync("Too late", []));
    }
}

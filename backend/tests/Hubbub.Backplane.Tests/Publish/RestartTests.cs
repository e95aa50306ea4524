using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Publish;

/// <summary>A server that restarts while a replica sends and reads, with everything or without the last records.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly RestartingLog _log = new();
    private readonly LogLines _lines = new();
    private Replica _replica = null!;
    private TestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _replica = new Replica(_log, "restart:", options => options.PublishBudget = TimeSpan.FromSeconds(20), loggers: _lines);
        _client = await _replica.ConnectAsync();
        await _replica.Manager.SendAllAsync("Known", []);
        await _client.ExpectAsync("Known");
    }

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        _lines.Dispose();
    }

    [Fact]
    public async Task One_that_lost_nothing_is_compared_before_it_gets_an_append_and_then_goes_on()
    {
        var epoch = _log.Epoch;
        for (var i = 0; i < 5; i++)
        {
            _log.Restart();
            await _replica.Manager.SendAllAsync("N", [i]);
            await _client.ExpectAsync("N", i);
        }

        Assert.Equal(epoch, _log.Epoch);
        Assert.Empty(_lines.Events);
    }

    [Fact]
    public async Task A_send_whose_answer_was_lost_is_stored_once_by_one_that_lost_nothing()
    {
        _log.LoseAnswers(1);
        var send = _replica.Manager.SendAllAsync("Doubtful", []);
        _log.Restart();
        await send;
        await _replica.Manager.SendAllAsync("Next", []);

        await _client.ExpectAsync("Doubtful");
        await _client.ExpectAsync("Next");
        Assert.Equal(3, _log.Bodies.Count);
    }

    [Fact]
    public async Task A_send_whose_answer_was_lost_fails_when_the_server_has_lost_what_the_replica_knows()
    {
        _log.LoseAnswers(int.MaxValue);
        var send = _replica.Manager.SendAllAsync("Doubtful", []);
        await Eventually.IsTrueAsync(() => _log.Bodies.Count == 2, "it is stored");
        _log.Restart(lost: 2);
        _log.LoseAnswers(0);

        var failure = await Assert.ThrowsAsync<BackplaneUnavailableException>(() => send);
        Assert.Contains("begun anew", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_log.Bodies);
    }

    [Fact]
    public async Task One_that_lost_a_record_gets_a_new_epoch_before_the_next_append_and_clients_are_dropped()
    {
        var epoch = _log.Epoch;
        _log.Restart(lost: 1);
        await _replica.Manager.SendAllAsync("Plain", []);

        Assert.NotEqual(epoch, _log.Epoch);
        Assert.Single(_log.Bodies);
        await Eventually.IsTrueAsync(() => _client.Connection.ConnectionAborted.IsCancellationRequested, "the client is dropped");
    }

    [Fact]
    public async Task A_notification_of_one_that_was_set_back_is_not_handed_on()
    {
        // Two records in the place of the one that is known, so that the second follows it.
        _log.Restart(lost: 1);
        var bodies = new[] { Record("Other"), Record("Wrong") };
        await _log.AppendAsync("s", new AppendBatch("stranger", 1, bodies), TestContext.Current.CancellationToken);
        _log.Notify(_log.Notice(1));

        await Eventually.IsTrueAsync(() => _client.Connection.ConnectionAborted.IsCancellationRequested, "the client is dropped");
        _client.AssertSilent();
    }

    [Fact]
    public async Task One_that_keeps_losing_is_not_written_about_as_fast_as_it_answers()
    {
        var stop = TestContext.Current.CancellationToken;
        var changes = 0;
        while (_lines.Events.Count(e => e == "Lost") < 4)
        {
            await _log.ReplaceEpochAsync("s", _log.Epoch, stop);
            changes++;
            await Task.Yield();
        }

        // The store changed much more often than the reader went there.
        Assert.True(changes > 40, $"{changes} changes");
    }

    private static NewRecord Record(string target) => new(
        RecordCodec.Encode(new LogRecord { Kind = RecordKind.Group, Target = target, Tag = 77, Time = DateTimeOffset.UnixEpoch, Origin = "stranger" }), null);
}

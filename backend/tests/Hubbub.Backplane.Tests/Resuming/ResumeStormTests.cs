using Hubbub.Backplane.Resuming;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Resuming;

/// <summary>Many clients come back at the same time, as they do when a replica has gone.</summary>
public sealed class ResumeStormTests : IAsyncDisposable
{
    private const int Clients = 40;

    private readonly TellingLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task A_replica_that_has_seen_what_they_missed_serves_them_from_memory()
    {
        await using var replica = new Replica(_log, "storm:", options => options.PollInterval = TimeSpan.FromMinutes(1));
        var witness = await replica.ConnectAsync();
        var cursor = await MissAsync(replica);
        await witness.ExpectAsync("Missed", 0);
        await witness.ExpectAsync("Missed", 1);

        // From here on the store would not answer.
        _log.HoldReads();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ExpectMissedAsync(replica, cursor)));
        _log.ReleaseReads();
    }

    [Fact]
    public async Task A_replica_that_has_not_reads_for_a_few_of_them_at_a_time()
    {
        await using var before = new Replica(_log, "storm:");
        var cursor = await MissAsync(before);
        await before.DisposeAsync();

        await using var replica = new Replica(_log, "storm:", options => options.PollInterval = TimeSpan.FromMinutes(1));
        await replica.ConnectAsync();
        _log.HoldReads();
        var all = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ExpectMissedAsync(replica, cursor)));
        await Eventually.IsTrueAsync(() => _log.ReadsNow >= 4, "the first ones read");
        _log.ReleaseReads();
        await all;

        // Four of the clients, and the replica's own reader.
        Assert.InRange(_log.MostReads, 4, 5);
    }

    private static async Task<string> MissAsync(Replica replica)
    {
        var client = await replica.ResumeAsync("");
        var cursor = (await client.NextAsync()).Cursor!;
        await client.EndAsync(replica.Manager);
        await replica.Manager.SendAllAsync("Missed", [0]);
        await replica.Manager.SendAllAsync("Missed", [1]);
        return cursor;
    }

    private static async Task ExpectMissedAsync(Replica replica, string cursor)
    {
        var back = await replica.ResumeAsync(cursor);
        await back.ExpectAsync("Resumed", new Resumption(true, 2, null));
        await back.ExpectAsync("Missed", 0);
        await back.ExpectAsync("Missed", 1);
    }
}

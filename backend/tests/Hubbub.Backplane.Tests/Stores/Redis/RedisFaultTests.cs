using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;
using StackExchange.Redis;
using static Hubbub.Backplane.Tests.Stores.LogTestExtensions;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>The store when connections die, the server stands still, or data is lost.</summary>
public sealed class RedisFaultTests
{
    private const string Stream = "stream";

    private static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_connections_lose_and_double_nothing()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        await log.OpenAsync(Stream, Token);

        var appending = RetryingProducers.RunAsync(log, Stream, producers: 6, batches: 400);
        while (!appending.IsCompleted)
        {
            await redis.KillClientsAsync();
            await Task.WhenAny(appending, Task.Delay(20, Token));
        }

        Assert.True(await appending > 0, "no append was disturbed, so the test has shown nothing");
        RetryingProducers.AssertStoredOnce(
            await Eventually.AvailableAsync(() => new ValueTask<List<string>>(log.ReadAllAsync(Stream))), producers: 6, batches: 400);
    }

    [Fact]
    public async Task The_doorbell_comes_back_when_its_connection_is_killed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it rings when it starts to listen");

        var heard = bell.Count;
        Assert.Equal(1, await redis.KillClientsAsync());
        await Eventually.IsTrueAsync(() => bell.Count > heard, "it rings when it listens again, since messages may be lost");

        heard = bell.Count;
        await log.AppendAsync(Stream, "p", 1, "a");
        await Eventually.IsTrueAsync(() => bell.Count > heard, "it rings for an append");
    }

    [Fact]
    public async Task A_server_that_stands_still_fails_calls_in_bounded_time_and_a_repeat_is_not_stored_twice()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog(ShortTimeout);
        await log.AppendAsync(Stream, "p", 1, "a");

        await redis.FreezeAsync();
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.AppendAsync(Stream, "p", 2, "b"));
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.ReadAsync(Stream, 0, 10, Token));
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(Stream, Token));
        await redis.ThawAsync();

        await Eventually.AvailableAsync(() => log.AppendAsync(Stream, "p", 2, "b"));
        Assert.Equal(["a", "b"], await Eventually.AvailableAsync(() => new ValueTask<List<string>>(log.ReadAllAsync(Stream))));
    }

    [Fact]
    public async Task Replies_are_not_mixed_up_when_the_server_stands_still_again_and_again()
    {
        const int askers = 8;
        await using var redis = await RedisProcess.StartAsync();
        await using (var before = redis.CreateLog())
        {
            for (var asker = 1; asker <= askers; asker++)
                await before.AppendAsync($"s{asker}", "p", 1, [.. Enumerable.Repeat("a", asker)]);
        }

        await using var log = redis.CreateLog(TimeSpan.FromMilliseconds(150));
        var (right, failed) = (0, 0);
        using var done = new CancellationTokenSource();

        var asking = Task.WhenAll(Enumerable.Range(1, askers).Select(asker => Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                try
                {
                    // Some give up early, and their replies must not reach others either.
                    using var hasty = new CancellationTokenSource(i % 5 == 0 ? TimeSpan.FromMilliseconds(1) : Eventually.Limit);
                    Assert.Equal(asker, (await log.OpenAsync($"s{asker}", hasty.Token)).Tail);
                    Interlocked.Increment(ref right);
                }
                catch (Exception e) when (e is MessageLogUnavailableException or OperationCanceledException)
                {
                    Interlocked.Increment(ref failed);

                    // As all callers of a log do. Failing at once, over and over, would leave no time for a new connection.
                    await Task.Delay(AfterFailure, done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        })));

        for (var round = 0; round < 5; round++)
        {
            var (rightBefore, failedBefore) = (Volatile.Read(ref right), Volatile.Read(ref failed));
            await redis.FreezeAsync();
            await Eventually.IsTrueAsync(() => Volatile.Read(ref failed) > failedBefore + 20 || asking.IsFaulted, "calls fail");
            await redis.ThawAsync();
            await Eventually.IsTrueAsync(() => Volatile.Read(ref right) > rightBefore + 100 || asking.IsFaulted, "calls succeed");
        }

        await done.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task The_doorbell_notices_a_server_that_stands_still()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var proxy = new StallingProxy("127.0.0.1", redis.Port);
        await using var log = redis.CreateLog(ShortTimeout, $"127.0.0.1:{proxy.Port},keepAlive=1");
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");

        var before = proxy.Accepted;
        proxy.Stall();
        await Eventually.IsTrueAsync(() => proxy.Accepted > before, "it tries another connection");
        var heard = bell.Count;
        proxy.Resume();
        await Eventually.IsTrueAsync(() => bell.Count > heard, "it listens again");
    }

    [Fact]
    public async Task A_quiet_subscription_keeps_its_connection_and_asks_for_a_sign_of_life()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var proxy = new StallingProxy("127.0.0.1", redis.Port);
        await using var log = redis.CreateLog(connection: $"127.0.0.1:{proxy.Port},keepAlive=1");
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");

        var before = await PingsAsync();
        await Eventually.IsTrueAsync(async () => await PingsAsync() > before, "it asks for a sign of life");

        Assert.Equal(1, proxy.Accepted);

        async Task<int> PingsAsync()
        {
            var statistics = (string)(await redis.CommandAsync("INFO", "commandstats"))!;
            return int.Parse(statistics.Split("cmdstat_ping:calls=")[1].Split(',')[0], provider: null);
        }
    }

    [Fact]
    public async Task A_server_that_was_killed_and_has_lost_all_begins_a_new_epoch()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        var before = await log.AppendAsync(Stream, "p", 1, "a", "b", "c");
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);

        await redis.KillAsync();
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.AppendAsync(Stream, "p", 2, "d"));
        await redis.StartAgainAsync();
        var heard = bell.Count;

        var after = await Eventually.AvailableAsync(() => log.AppendAsync(Stream, "p", 2, "d"));
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal((1, 1), (after.First, after.Tail));
        Assert.Equal(["d"], await log.ReadAllAsync(Stream));
        await Eventually.IsTrueAsync(() => bell.Count > heard, "the doorbell is back");
    }

    [Fact]
    public async Task A_restart_with_an_append_only_file_keeps_the_epoch_and_names_another_incarnation()
    {
        await using var redis = await RedisProcess.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var log = redis.CreateLog();
        var before = await log.AppendAsync(Stream, "p", 1, Record("a", "k"), Record("b"));

        await redis.RestartAsync();

        var slice = await Eventually.AvailableAsync(() => log.ReadAsync(Stream, 0, 10, Token));
        Assert.NotEqual(before.Incarnation, slice.Extent.Incarnation);
        Assert.Equal(before, slice.Extent with { Incarnation = before.Incarnation });
        Assert.Equal(["a", "b"], slice.Entries.Select(e => e.Text()));

        // An append for the process that died is refused, and repeated for this one it is known: by its number as by its keys.
        var repeated = new AppendBatch("p", 1, [Record("a", "k"), Record("b")]);
        AppendResult nothing = new(slice.Extent, StoredAll: false);
        Assert.Equal(nothing, await log.AppendAsync(Stream, repeated with { Incarnation = before.Incarnation }, Token));
        Assert.Equal(nothing, await log.AppendAsync(Stream, repeated with { Incarnation = slice.Extent.Incarnation }, Token));
        Assert.Equal(slice.Extent with { Tail = 3 }, await log.AppendAsync(Stream, "p", 2, Record("a", "k"), Record("c")));
    }

    [Fact]
    public async Task A_flushed_server_begins_a_new_epoch()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        var before = await log.AppendAsync(Stream, "p", 1, "a", "b");
        await redis.CommandAsync("FLUSHALL");

        var read = await log.ReadAsync(Stream, 2, 10, Token);
        Assert.NotEqual(before.Epoch, read.Extent.Epoch);
        Assert.Equal((1, 0), (read.Extent.First, read.Extent.Tail));

        Assert.Equal(read.Extent with { Tail = 1 }, await log.AppendAsync(Stream, "p", 1, "c"));
    }

    [Theory]
    [InlineData("meta", 1, 1)]
    [InlineData("log", 4, 4)]
    [InlineData("keys", 4, 4)]
    public async Task A_stream_of_which_a_part_is_gone_begins_anew_with_a_new_epoch(string part, long first, long tail)
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        var before = await log.AppendAsync(Stream, "p", 1, Record("a", "k"), Record("b"), Record("c"));
        Assert.Equal(1, (int)await redis.CommandAsync("DEL", "hubbub:{" + Stream + "}:" + part));

        var after = await log.AppendAsync(Stream, "q", 1, Record("new", "k"));

        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal((first, tail), (after.First, after.Tail));
        Assert.Equal(["new"], await log.ReadAllAsync(Stream, after: first - 1));
        Assert.Equal(after, await log.OpenAsync(Stream, Token));
    }

    [Fact]
    public async Task A_server_that_has_forgotten_its_scripts_is_told_them_again()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        await log.AppendAsync(Stream, "p", 1, "a");
        await redis.CommandAsync("SCRIPT", "FLUSH");

        await log.AppendAsync(Stream, "p", 2, "b");

        Assert.Equal(["a", "b"], await log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task A_server_without_memory_is_unavailable_and_stores_no_part_of_a_batch()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        var before = await log.AppendAsync(Stream, "p", 1, Record("a", "k"));
        await redis.CommandAsync("CONFIG", "SET", "maxmemory", "1");

        await Assert.ThrowsAsync<MessageLogUnavailableException>(
            async () => await log.AppendAsync(Stream, "p", 2, Record("b", "l"), Record("c")));
        await redis.CommandAsync("CONFIG", "SET", "maxmemory", "0");

        Assert.Equal(before, await log.OpenAsync(Stream, Token));
        Assert.Equal(before with { Tail = 3 }, await log.AppendAsync(Stream, "p", 2, Record("b", "l"), Record("c")));
    }

    [Fact]
    public async Task A_replica_of_another_server_is_unavailable()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        var before = await log.AppendAsync(Stream, "p", 1, "a");
        await redis.CommandAsync("REPLICAOF", "127.0.0.1", "1");

        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.AppendAsync(Stream, "p", 2, "b"));
        await redis.CommandAsync("REPLICAOF", "NO", "ONE");

        Assert.Equal(before with { Tail = 2 }, await Eventually.AvailableAsync(() => log.AppendAsync(Stream, "p", 2, "b")));
    }

    [Fact]
    public async Task A_key_of_another_kind_is_no_outage()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        await redis.CommandAsync("SET", "hubbub:{" + Stream + "}:meta", "something else");

        var e = await Assert.ThrowsAsync<RedisServerException>(async () => await log.OpenAsync(Stream, Token));

        Assert.StartsWith("WRONGTYPE", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_producer_that_was_silent_for_long_is_forgotten_when_the_stream_is_trimmed()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        await log.AppendAsync(Stream, "old", 1, "a");
        await log.AppendAsync(Stream, "new", 1, "b");
        var now = DateTimeOffset.Parse("2020-01-01T00:00:00Z", provider: null).ToUnixTimeSeconds();
        await redis.CommandAsync("HSET", "hubbub:{" + Stream + "}:meta", "p:old", $"1 {now}");

        await log.TrimAsync(Stream, 1, Token);

        Assert.Equal(0, (int)await redis.CommandAsync("HEXISTS", "hubbub:{" + Stream + "}:meta", "p:old"));
        Assert.Equal(2, (await log.AppendAsync(Stream, "new", 1, "b")).Tail);
    }

    [Fact]
    public async Task After_dispose_calls_say_so()
    {
        await using var redis = await RedisProcess.StartAsync();
        var log = redis.CreateLog();
        log.Subscribe(Stream, _ => { });
        await log.OpenAsync(Stream, Token);
        await log.DisposeAsync();
        await log.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.OpenAsync(Stream, Token));
        await Eventually.IsTrueAsync(
            async () => (await redis.ClientsAsync()).Length == 0, "no connection is left");
    }
}

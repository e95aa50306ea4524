using System.Globalization;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Resuming;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>Replicas and their clients over a server that is killed, and over one that is set back to an older snapshot.</summary>
public sealed class RedisRestartTests
{
    private const int Senders = 3;
    private const int MessagesOfEach = 300;
    private const int Restarts = 5;

    private static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always"];

    [Fact]
    public async Task One_that_keeps_what_it_confirms_can_be_killed_under_load_and_nobody_notices()
    {
        await using var redis = await RedisProcess.StartAsync(Durable);
        using var lines = new LogLines();
        var replicas = new List<Replica>();
        var logs = new List<IMessageLog>();
        for (var i = 0; i < Senders; i++)
        {
            logs.Add(redis.CreateLog());
            replicas.Add(new Replica(logs[^1], "killed:", options => options.PublishBudget = TimeSpan.FromMinutes(5), loggers: lines));
        }

        var live = new List<TestClient>();
        foreach (var replica in replicas)
            live.Add(await replica.ConnectAsync());
        var mover = await replicas[0].ResumeAsync("");
        var moving = MoveAsync(replicas, mover, (await mover.ExpectAsync("Resumed", new Resumption(false, 0, "new"))).Cursor!);
        var reading = live.Select(client => ReadAsync(client, Senders * MessagesOfEach)).ToList();

        var sent = 0;
        var sending = Task.WhenAll(replicas.Select((replica, sender) => Task.Run(async () =>
        {
            for (var i = 0; i < MessagesOfEach; i++)
            {
                await replica.Manager.SendAllAsync("N", [sender, i]);
                Interlocked.Increment(ref sent);
            }
        })));
        for (var restart = 1; restart <= Restarts; restart++)
        {
            var goal = restart * Senders * MessagesOfEach / (Restarts + 1);
            await Eventually.IsTrueAsync(() => Volatile.Read(ref sent) >= goal, $"{goal} messages are sent");
            await redis.RestartAsync();
        }

        await sending;
        var (moved, epochs) = await moving;
        var orders = await Task.WhenAll(reading);
        Assert.Single(epochs);
        Assert.All(orders.Append(moved), order => Assert.Equal(orders[0], order));
        foreach (var ofSender in orders[0].GroupBy(message => message.Split(',')[0], StringComparer.Ordinal))
        {
            Assert.Equal(
                Enumerable.Range(0, MessagesOfEach).Select(i => string.Create(CultureInfo.InvariantCulture, $"{ofSender.Key},{i}]")), ofSender);
        }

        Assert.DoesNotContain(lines.Events, name => name is "Lost" or "DroppedAll" or "AppendFailed");
        Assert.Contains("StoreAway", lines.Events);
        foreach (var replica in replicas)
            await replica.DisposeAsync();
        foreach (var log in logs)
            await log.DisposeAsync();
    }

    /// <param name="appended">To five of ten records: the tail is behind what clients have seen, at it, or beyond it.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task One_that_was_set_back_is_noticed_by_replicas_and_by_clients_that_come_back(int appended)
    {
        await using var redis = await RedisProcess.StartAsync(Durable);
        await using var proxy = new StallingProxy("127.0.0.1", redis.Port);
        await using var farLog = redis.CreateLog(TimeSpan.FromSeconds(2), $"127.0.0.1:{proxy.Port}");
        await using var far = new Replica(farLog, "setback:");
        var (client, resuming) = (await far.ConnectAsync(), await far.ResumeAsync(""));
        await resuming.NextAsync();
        var early = await SendAsync(far, resuming, 5);
        var snapshot = redis.TakeSnapshot();
        var late = await SendAsync(far, resuming, 5);

        // The replica that remembers hears nothing while another one, which does not, gives the lost offsets away anew.
        proxy.Stall();
        await redis.SetBackAsync(snapshot);
        await using var nearLog = redis.CreateLog();
        await using var near = new Replica(nearLog, "setback:");
        var witness = await near.ConnectAsync();
        for (var i = 0; i < appended; i++)
            await near.Manager.SendAllAsync("Other", [i]);

        await (await near.ResumeAsync(late)).ExpectAsync("Resumed", new Resumption(false, 0, "epoch"));
        await (await near.ResumeAsync(early)).ExpectAsync("Resumed", new Resumption(true, appended, null));
        Assert.False(witness.Connection.ConnectionAborted.IsCancellationRequested, "nothing was lost that this replica knew");

        proxy.Resume();
        await Eventually.IsTrueAsync(
            () => client.Connection.ConnectionAborted.IsCancellationRequested && witness.Connection.ConnectionAborted.IsCancellationRequested,
            "the replica that remembers ends the epoch for all");
        for (var i = 0; i < 10; i++)
            await client.ExpectAsync("N", i % 5);
        client.AssertSilent();
        foreach (var replica in new[] { near, far })
            await (await replica.ResumeAsync(early)).ExpectAsync("Resumed", new Resumption(false, 0, "epoch"));
        snapshot.Delete(recursive: true);
    }

    [Fact]
    public async Task One_that_lost_what_only_the_sender_knows_is_noticed()
    {
        await using var redis = await RedisProcess.StartAsync(Durable);
        await using var log = redis.CreateLog();
        var life = new StreamLife("s", log);
        var token = TestContext.Current.CancellationToken;
        var before = await log.AppendAsync("s", "p", 1, LogTestExtensions.Record("read, and longer than a head"));
        life.Begin(new LogCursor(before.Epoch, 1, RecordCodec.TagOf("read, and longer than a head"u8.ToArray())), before.Incarnation);
        var snapshot = redis.TakeSnapshot();
        await log.AppendAsync("s", "p", 2, LogTestExtensions.Record("stored, and longer than a head"));
        life.Stored(new LogCursor(before.Epoch, 2, RecordCodec.TagOf("stored, and longer than a head"u8.ToArray())), before.Incarnation);

        await redis.SetBackAsync(snapshot);
        var present = await Eventually.AvailableAsync(() => log.AppendAsync("s", "q", 1, LogTestExtensions.Record("other, and longer than a head")));
        Assert.Equal((before.Epoch, 2), (present.Epoch, present.Tail));

        Assert.NotEqual(before.Epoch, (await life.VerifyAsync(present, token)).Epoch);
        snapshot.Delete(recursive: true);
    }

    [Fact]
    public async Task A_replica_over_one_that_evicts_does_not_write_about_it_without_end()
    {
        await using var redis = await RedisProcess.StartAsync("--maxmemory-policy", "allkeys-lru");
        using var lines = new LogLines();
        await using var log = redis.CreateLog();
        await using var replica = new Replica(log, "evicting:", options => options.PublishBudget = TimeSpan.FromMilliseconds(500), loggers: lines);
        await replica.ConnectAsync();
        await redis.CommandAsync("CONFIG", "SET", "maxmemory", "1");

        // Each call finds another part of the stream gone. No send hangs for it, and the lines do not grow with the calls.
        for (var i = 0; i < 20; i++)
            Assert.IsNotType<TimeoutException>(await Record.ExceptionAsync(() => replica.Manager.SendAllAsync("N", [i]).WaitAsync(Eventually.Limit)));
        Assert.InRange(lines.Events.Count, 1, 200);
    }

    /// <summary>Sends numbered messages and returns the cursor of the last one.</summary>
    private static async Task<string> SendAsync(Replica replica, TestClient client, int count)
    {
        var cursor = "";
        for (var i = 0; i < count; i++)
        {
            await replica.Manager.SendAllAsync("N", [i]);
            cursor = (await client.ExpectAsync("N", i)).Cursor!;
        }

        return cursor;
    }

    private static async Task<List<string>> ReadAsync(TestClient client, int count)
    {
        var messages = new List<string>();
        while (messages.Count < count)
            messages.Add((await client.NextAsync()).Arguments);
        return messages;
    }

    /// <summary>Goes from replica to replica, always on from the last cursor, until it has everything.</summary>
    private static async Task<(List<string> Messages, HashSet<string> Epochs)> MoveAsync(List<Replica> replicas, TestClient client, string cursor)
    {
        var messages = new List<string>();
        var epochs = new HashSet<string>(StringComparer.Ordinal);
        for (var moves = 0; messages.Count < Senders * MessagesOfEach; moves++)
        {
            for (var left = 25; left > 0 && messages.Count < Senders * MessagesOfEach && await NextAsync(client) is { } message;)
            {
                // Whether the store is away is told in between.
                if (message.Target == "N")
                {
                    messages.Add(message.Arguments);
                    cursor = message.Cursor!;
                    epochs.Add(cursor.Split('.')[0]);
                    left--;
                }
                else if (message.Target == "Resumed")
                {
                    Assert.StartsWith("[{\"resumed\":true", message.Arguments, StringComparison.Ordinal);
                }
            }

            await client.EndAsync(replicas[moves % replicas.Count].Manager);
            client = await Eventually.AvailableAsync(async () => await replicas[(moves + 1) % replicas.Count].ResumeAsync(cursor));
        }

        return (messages, epochs);
    }

    /// <summary>Null if the connection ended, as one does whose missed messages cannot be read because the store is away.</summary>
    private static async Task<ReceivedMessage?> NextAsync(TestClient client)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = client.Connection.ConnectionAborted.Register(ended.SetResult);
        var next = client.NextAsync();
        return await Task.WhenAny(next, ended.Task) == next ? await next : null;
    }
}

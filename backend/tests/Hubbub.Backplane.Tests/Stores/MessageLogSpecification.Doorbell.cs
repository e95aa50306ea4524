using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;
using static Hubbub.Backplane.Tests.Stores.LogTestExtensions;

namespace Hubbub.Backplane.Tests.Stores;

public abstract partial class MessageLogSpecification
{
    [Fact]
    public async Task The_doorbell_rings_after_appends_of_any_instance()
    {
        var another = await AnotherAsync();
        var bell = new Bell();
        using var subscription = Log.Subscribe(Stream, bell.Ring);
        await another.OpenAsync(Stream, Token);

        for (var i = 1; i <= 5; i++)
        {
            // The first may come before the subscription is in place, and a ring for an earlier one may be late: so the count must rise
            // at some time after each append, and a repeated append makes up for a ring that went before.
            var heard = bell.Count;
            await (i % 2 == 0 ? Log : another).AppendAsync(Stream, $"p{i % 2}", i, "a");
            await Eventually.IsTrueAsync(() => bell.Count > heard, $"the doorbell rings for append {i}");
        }

    }

    [Fact]
    public async Task Everyone_at_the_doorbell_is_rung()
    {
        var bells = Enumerable.Range(0, 3).Select(_ => new Bell()).ToList();
        var subscriptions = bells.Select(bell => Log.Subscribe(Stream, bell.Ring)).ToList();

        await Log.AppendAsync(Stream, "p", 1, "a");

        foreach (var bell in bells)
            await Eventually.IsTrueAsync(() => bell.Count > 0, "each rings");
        subscriptions.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task The_doorbell_is_silent_after_dispose()
    {
        var disposed = new Bell();
        var control = new Bell();
        var subscription = Log.Subscribe(Stream, disposed.Ring);
        using var controlSubscription = Log.Subscribe(Stream, control.Ring);
        await Log.AppendAsync(Stream, "p", 1, "a");
        await Eventually.IsTrueAsync(() => disposed.Count > 0 && control.Count > 0, "both ring");

        subscription.Dispose();
        subscription.Dispose();
        var count = disposed.Count;
        for (var i = 2; i <= 4; i++)
        {
            var heard = control.Count;
            await Log.AppendAsync(Stream, "p", i, "b");
            await Eventually.IsTrueAsync(() => control.Count > heard, "the other rings on");
        }

        // A ring that was under way during Dispose may have come after it.
        Assert.InRange(disposed.Count, count, count + 1);
    }

    [Fact]
    public async Task A_failing_callback_disturbs_nobody()
    {
        var bell = new Bell();
        using var failing = Log.Subscribe(Stream, _ => throw new InvalidOperationException("a subscriber's mistake"));
        using var subscription = Log.Subscribe(Stream, bell.Ring);
        for (var i = 1; i <= 3; i++)
        {
            var heard = bell.Count;
            await Log.AppendAsync(Stream, "p", i, "a");
            await Eventually.IsTrueAsync(() => bell.Count > heard, "the other rings");
        }
    }

    [Fact]
    public async Task A_callback_may_unsubscribe()
    {
        var rung = false;
        var bell = new Bell();
        IDisposable? subscription = null;
        subscription = Log.Subscribe(Stream, _ =>
        {
            Volatile.Read(ref subscription)?.Dispose();
            Volatile.Write(ref rung, true);
        });
        using var other = Log.Subscribe(Stream, bell.Ring);

        await Log.AppendAsync(Stream, "p", 1, "a");

        await Eventually.IsTrueAsync(() => Volatile.Read(ref rung) && bell.Count > 0, "both ring");
    }

    [Fact]
    public async Task What_the_doorbell_says_is_true()
    {
        var another = await AnotherAsync();
        var bell = new Bell();
        using var subscription = Log.Subscribe(Stream, bell.Ring);
        for (var i = 1; i <= 20; i++)
        {
            // Repeated batches, repeated keys within a batch and across, small and large: each changes what there is to say.
            var log = i % 2 == 0 ? Log : another;
            NewRecord[] records = [Record($"a{i}", $"key {i / 3}"), Record(new string('b', i % 5 == 0 ? 80_000 : 10)), Record("c", "same"), Record("d", "same"), Record("")];
            await log.AppendAsync(Stream, $"p{i % 2}", i, records);
            await log.AppendAsync(Stream, $"p{i % 2}", i, records);
        }

        var extent = await Log.OpenAsync(Stream, Token);
        await Eventually.IsTrueAsync(() => bell.Notices.Any(n => n.Tail == extent.Tail), "the tail is told");
        var stored = new List<LogEntry>();
        while (await Log.ReadAsync(Stream, stored.Count, 1000, Token) is { Entries.Count: > 0 } slice)
            stored.AddRange(slice.Entries);
        foreach (var notice in bell.Notices)
        {
            Assert.InRange(notice.Tail, 0, extent.Tail);
            if (notice.Entries.Count == 0)
                continue;
            Assert.Equal(extent.Epoch, notice.Epoch);
            Assert.Equal(notice.Tail, notice.Entries[^1].Offset);
            Assert.All(notice.Entries, entry => Assert.Equal(stored[(int)entry.Offset - 1].Body.ToArray(), entry.Body.ToArray()));
        }
    }
}

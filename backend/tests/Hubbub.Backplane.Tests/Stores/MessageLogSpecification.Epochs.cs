using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Stores;

public abstract partial class MessageLogSpecification
{
    [Fact]
    public async Task An_epoch_stays_however_often_the_stream_is_opened()
    {
        var first = await Log.OpenAsync(Stream, Token);
        var another = await AnotherAsync();

        Assert.Equal(first, await Log.OpenAsync(Stream, Token));
        Assert.Equal(first, await another.OpenAsync(Stream, Token));
        Assert.Equal(first.Epoch, (await another.AppendAsync(Stream, "p", 1, "a")).Epoch);
        await another.TrimAsync(Stream, 1, Token);
        Assert.Equal(first.Epoch, (await Log.ReadAsync(Stream, 0, 1, Token)).Extent.Epoch);
    }

    [Fact]
    public async Task Many_who_open_a_new_stream_at_a_time_get_one_epoch()
    {
        var instances = new[] { Log, await AnotherAsync(), await AnotherAsync() };

        var extents = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => instances[i % 3].OpenAsync(Stream, Token).AsTask()));

        Assert.Single(extents.Distinct());
    }

    [Fact]
    public async Task A_batch_for_an_epoch_that_has_ended_changes_nothing_and_is_told_the_present_one()
    {
        var ended = (await Log.AppendAsync(Stream, "p", 1, "a")).Epoch;
        var present = await Log.ReplaceEpochAsync(Stream, ended, Token);
        AppendBatch Batch(string epoch) => new("p", 2, [new NewRecord("b"u8.ToArray(), "key")]) { Epoch = epoch };

        Assert.Equal(new AppendResult(present, StoredAll: false), await Log.AppendAsync(Stream, Batch(ended), Token));
        Assert.Equal(["a"], await Log.ReadAllAsync(Stream));

        // Nothing of it is remembered, neither its number nor its keys.
        Assert.Equal(present with { Tail = 2 }, (await Log.AppendAsync(Stream, Batch(present.Epoch), Token)).Extent);
        Assert.Equal(["a", "b"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task A_batch_for_another_incarnation_of_the_server_changes_nothing_and_one_for_the_present_is_stored()
    {
        var before = await Log.AppendAsync(Stream, "p", 1, "a");
        AppendBatch Batch(string incarnation) => new("p", 2, [new NewRecord("b"u8.ToArray(), "key")]) { Incarnation = incarnation };

        Assert.Equal(new AppendResult(before, StoredAll: false), await Log.AppendAsync(Stream, Batch("another"), Token));
        Assert.Equal(["a"], await Log.ReadAllAsync(Stream));

        Assert.Equal(before with { Tail = 2 }, (await Log.AppendAsync(Stream, Batch(before.Incarnation), Token)).Extent);
        Assert.Equal(["a", "b"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task Every_answer_names_the_same_incarnation()
    {
        var opened = await Log.OpenAsync(Stream, Token);
        var appended = await Log.AppendAsync(Stream, "p", 1, "a");
        var read = (await (await AnotherAsync()).ReadAsync(Stream, 0, 1, Token)).Extent;
        var replaced = await Log.ReplaceEpochAsync(Stream, opened.Epoch, Token);

        Assert.Equal([opened.Incarnation], new[] { appended, read, replaced }.Select(extent => extent.Incarnation).Distinct());
    }

    [Fact]
    public async Task Only_a_batch_that_was_stored_whole_by_this_call_is_said_to_be()
    {
        async Task<bool> StoredAllAsync(long sequence, params NewRecord[] records) =>
            (await Log.AppendAsync(Stream, new AppendBatch("p", sequence, records), Token)).StoredAll;
        var (plain, keyed) = (new NewRecord("a"u8.ToArray(), null), new NewRecord("b"u8.ToArray(), "key"));

        // A store may not know, but it must not say so of a batch that was not.
        var first = await StoredAllAsync(1, plain, keyed);
        Assert.False(await StoredAllAsync(1, plain, keyed));
        Assert.False(await StoredAllAsync(2, plain, keyed));
        Assert.Equal(first, await StoredAllAsync(3, plain));
    }

    [Fact]
    public async Task Replacing_the_epoch_keeps_records_and_offsets()
    {
        var before = await Log.AppendAsync(Stream, "p", 1, "a", "b");

        var after = await Log.ReplaceEpochAsync(Stream, before.Epoch, Token);

        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Matches("^[a-z0-9]{1,32}$", after.Epoch);
        Assert.Equal(before with { Epoch = after.Epoch }, after);
        Assert.Equal(after, (await Log.ReadAsync(Stream, 0, 10, Token)).Extent);
        Assert.Equal(["a", "b"], await Log.ReadAllAsync(Stream));
        Assert.Equal(after with { Tail = 3 }, await Log.AppendAsync(Stream, "p", 2, "c"));
    }

    [Fact]
    public async Task Replacing_an_epoch_that_is_gone_changes_nothing()
    {
        var before = await Log.AppendAsync(Stream, "p", 1, "a");
        var replaced = await Log.ReplaceEpochAsync(Stream, before.Epoch, Token);

        var again = await Log.ReplaceEpochAsync(Stream, before.Epoch, Token);

        Assert.Equal(replaced, again);
        Assert.Equal(replaced, await Log.OpenAsync(Stream, Token));
    }

    [Fact]
    public async Task Of_many_who_replace_an_epoch_one_wins()
    {
        var instances = new[] { Log, await AnotherAsync() };
        var before = await Log.OpenAsync(Stream, Token);

        var extents = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => instances[i % 2].ReplaceEpochAsync(Stream, before.Epoch, Token).AsTask()));

        Assert.NotEqual(before.Epoch, Assert.Single(extents.Distinct()).Epoch);
    }
}

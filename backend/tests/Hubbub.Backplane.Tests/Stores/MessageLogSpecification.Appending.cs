using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;
using static Hubbub.Backplane.Tests.Stores.LogTestExtensions;

namespace Hubbub.Backplane.Tests.Stores;

public abstract partial class MessageLogSpecification
{
    [Fact]
    public async Task A_new_stream_is_empty()
    {
        var extent = await Log.OpenAsync(Stream, Token);

        Assert.Equal((1, 0), (extent.First, extent.Tail));
        Assert.Matches("^[a-z0-9]{1,32}$", extent.Epoch);
        var slice = await Log.ReadAsync(Stream, 0, 10, Token);
        Assert.Equal(extent, slice.Extent);
        Assert.Empty(slice.Entries);
    }

    [Fact]
    public async Task Records_get_the_next_offsets_in_the_order_of_the_batch()
    {
        var first = await Log.AppendAsync(Stream, "p", 1, "a", "b", "c");
        var second = await Log.AppendAsync(Stream, "p", 2, "d");

        Assert.Equal((1, 3), (first.First, first.Tail));
        Assert.Equal((1, 4), (second.First, second.Tail));
        var slice = await Log.ReadAsync(Stream, 0, 10, Token);
        Assert.Equal([1, 2, 3, 4], slice.Entries.Select(e => e.Offset));
        Assert.Equal(["a", "b", "c", "d"], slice.Entries.Select(e => e.Text()));
        Assert.Equal(second, slice.Extent);
    }

    [Fact]
    public async Task The_largest_usual_batch_keeps_its_order()
    {
        var texts = Enumerable.Range(0, 512).Select(i => $"record {i}").ToArray();

        var extent = await Log.AppendAsync(Stream, "p", 1, texts);

        Assert.Equal(512, extent.Tail);
        Assert.Equal(texts, await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task An_append_opens_the_stream()
    {
        var appended = await Log.AppendAsync(Stream, "p", 1, "a");

        Assert.Equal(appended, await Log.OpenAsync(Stream, Token));
    }

    [Fact]
    public async Task A_repeated_batch_stores_nothing_and_tells_where_the_stream_stands()
    {
        await Log.AppendAsync(Stream, "p", 1, "a", "b");
        var other = await Log.AppendAsync(Stream, "q", 1, "c");

        var repeated = await Log.AppendAsync(Stream, "p", 1, "a", "b");

        Assert.Equal(other, repeated);
        Assert.Equal(["a", "b", "c"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task An_older_sequence_stores_nothing()
    {
        await Log.AppendAsync(Stream, "p", 1, "a");
        await Log.AppendAsync(Stream, "p", 2, "b");

        await Log.AppendAsync(Stream, "p", 1, "late");

        Assert.Equal(["a", "b"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task A_repeated_batch_is_known_to_every_instance()
    {
        var another = await AnotherAsync();
        await Log.AppendAsync(Stream, "p", 1, "a");

        var repeated = await another.AppendAsync(Stream, "p", 1, "a");

        Assert.Equal(1, repeated.Tail);
    }

    [Fact]
    public async Task A_batch_repeated_by_many_at_a_time_is_stored_once()
    {
        var another = await AnotherAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? Log : another).AppendAsync(Stream, "p", 1, "a", "b").AsTask()));

        Assert.Equal(["a", "b"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task A_key_is_taken_once_in_a_batch()
    {
        await Log.AppendAsync(Stream, "p", 1, Record("a", "k"), Record("b"), Record("c", "k"), Record("d", "l"));

        Assert.Equal(["a", "b", "d"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task A_key_is_taken_once_across_batches_and_producers()
    {
        await Log.AppendAsync(Stream, "p", 1, Record("a", "k"));
        await Log.AppendAsync(Stream, "p", 2, Record("again", "k"), Record("b", "l"));
        var extent = await Log.AppendAsync(Stream, "q", 1, Record("c"), Record("and again", "k"), Record("d"));

        Assert.Equal(4, extent.Tail);
        Assert.Equal(["a", "b", "c", "d"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task Keys_differ_by_every_character()
    {
        await Log.AppendAsync(Stream, "p", 1, Record("a", "k"), Record("b", "K"), Record("c", "k "), Record("d", "ķ"), Record("e", new string('k', 256)));

        Assert.Equal(["a", "b", "c", "d", "e"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task A_batch_of_known_keys_only_counts_as_stored()
    {
        await Log.AppendAsync(Stream, "p", 1, Record("a", "k"));

        var extent = await Log.AppendAsync(Stream, "q", 1, Record("b", "k"));
        var repeated = await Log.AppendAsync(Stream, "q", 1, Record("b"));

        Assert.Equal(1, extent.Tail);
        Assert.Equal(1, repeated.Tail);
    }

    [Fact]
    public async Task A_body_comes_back_byte_for_byte()
    {
        var everyByte = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var big = new byte[1024 * 1024];
        new Random(1).NextBytes(big);

        await Log.AppendAsync(Stream, "p", 1, new NewRecord(everyByte, null), new NewRecord(big, null), new NewRecord(Array.Empty<byte>(), null));

        Assert.Equal(everyByte, (await Log.ReadAsync(Stream, 0, 1, Token)).Entries[0].Body.ToArray());
        Assert.Equal(big, (await Log.ReadAsync(Stream, 1, 1, Token)).Entries[0].Body.ToArray());
        Assert.Equal(0, (await Log.ReadAsync(Stream, 2, 1, Token)).Entries[0].Body.Length);
    }

    [Fact]
    public async Task A_body_belongs_to_the_log_once_appended()
    {
        var body = new byte[] { 1, 2, 3 };
        await Log.AppendAsync(Stream, "p", 1, new NewRecord(body.AsMemory(1), null));
        body[1] = 9;

        Assert.Equal([2, 3], (await Log.ReadAsync(Stream, 0, 1, Token)).Entries[0].Body.ToArray());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("a*b?[c]")]
    [InlineData("{}")]
    [InlineData("}{")]
    [InlineData("a{b}c")]
    [InlineData("%7B")]
    [InlineData("Robert'); drop table records; --")]
    [InlineData("with space:and:colons")]
    [InlineData("line\nbreak\tand \"quotes\" \\")]
    [InlineData("Räume 房间 🎉")]
    public async Task A_stream_may_have_any_name(string name)
    {
        name = name + Stream;
        var rings = 0;
        using var subscription = Log.Subscribe(name, _ => Interlocked.Increment(ref rings));
        await Log.AppendAsync(name, "p", 1, Record("a", name));

        Assert.Equal(["a"], await Log.ReadAllAsync(name));
        Assert.Empty(await Log.ReadAllAsync(Stream));
        await Log.TrimAsync(name, 1, Token);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref rings) > 0, "the doorbell rings");
    }

    [Fact]
    public async Task A_stream_may_have_a_long_name()
    {
        var name = (Stream + new string('房', 200))[..200];
        var almost = name[..^1];
        await Log.AppendAsync(name, "p", 1, "a");

        Assert.Equal(["a"], await Log.ReadAllAsync(name));
        Assert.Empty(await Log.ReadAllAsync(almost));
    }

    [Fact]
    public async Task Streams_do_not_meet()
    {
        var other = Stream + "-other";
        await Log.AppendAsync(Stream, "p", 1, Record("a", "k"));
        await Log.AppendAsync(other, "p", 1, Record("b", "k"), Record("c"));
        await Log.TrimAsync(other, 1, Token);

        Assert.Equal(["a"], await Log.ReadAllAsync(Stream));
        Assert.Equal(["c"], await Log.ReadAllAsync(other));
        Assert.NotEqual((await Log.OpenAsync(Stream, Token)).Epoch, (await Log.OpenAsync(other, Token)).Epoch);
    }

    [Fact]
    public async Task Names_in_another_case_are_other_names()
    {
        await Log.AppendAsync(Stream, "p", 1, "a");

        Assert.Empty(await Log.ReadAllAsync(Stream.ToUpperInvariant()));
        Assert.Equal(2, (await Log.AppendAsync(Stream, "P", 1, "b")).Tail);
    }

    [Fact]
    public async Task What_no_store_could_keep_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Log.AppendAsync("", "p", 1, "a"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Log.AppendAsync(new string('a', 257), "p", 1, "a"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Log.AppendAsync("nul\0", "p", 1, "a"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Log.AppendAsync("half \ud83c", "p", 1, "a"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Log.AppendAsync(Stream, new string('p', 65), 1, "a"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Log.AppendAsync(Stream, "p", 0, "a"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Log.AppendAsync(Stream, "p", 1, Array.Empty<NewRecord>()));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Log.AppendAsync(Stream, "p", 1, Record("a", "")));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Log.AppendAsync(Stream, "p", 1, new NewRecord(new byte[(16 * 1024 * 1024) + 1], null)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Log.ReadAsync(Stream, 0, 0, Token));

        Assert.Equal(0, (await Log.OpenAsync(Stream, Token)).Tail);
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        await Log.AppendAsync(Stream, "p", 1, "a");
        var cancelled = new CancellationToken(canceled: true);
        var batch = new AppendBatch("p", 2, [Record("b")]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Log.OpenAsync(Stream, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Log.AppendAsync(Stream, batch, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Log.ReadAsync(Stream, 0, 1, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Log.TrimAsync(Stream, 1, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Log.ReplaceEpochAsync(Stream, "x", cancelled));

        Assert.Equal(["a"], await Log.ReadAllAsync(Stream));
    }
}

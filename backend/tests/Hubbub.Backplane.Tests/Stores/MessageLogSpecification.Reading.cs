using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Stores;

public abstract partial class MessageLogSpecification
{
    [Theory]
    [InlineData(-5, "a b c d e")]
    [InlineData(0, "a b c d e")]
    [InlineData(2, "c d e")]
    [InlineData(4, "e")]
    [InlineData(5, "")]
    [InlineData(6, "")]
    [InlineData(long.MaxValue, "")]
    public async Task A_read_starts_after_the_given_offset(long after, string expected)
    {
        var appended = await Log.AppendAsync(Stream, "p", 1, "a", "b", "c", "d", "e");

        var slice = await Log.ReadAsync(Stream, after, 10, Token);

        Assert.Equal(expected, string.Join(' ', slice.Entries.Select(e => e.Text())));
        Assert.Equal(appended, slice.Extent);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(5, 5)]
    [InlineData(int.MaxValue, 5)]
    public async Task A_read_returns_no_more_than_asked_for(int maxRecords, int expected)
    {
        await Log.AppendAsync(Stream, "p", 1, "a", "b", "c", "d", "e");

        var slice = await Log.ReadAsync(Stream, 0, maxRecords, Token);

        Assert.Equal(Enumerable.Range(1, expected).Select(i => (long)i), slice.Entries.Select(e => e.Offset));
        Assert.Equal(5, slice.Extent.Tail);
    }

    [Fact]
    public async Task A_read_returns_about_a_mebibyte()
    {
        var body = new byte[100_000];
        for (var i = 1; i <= 30; i++)
            await Log.AppendAsync(Stream, "p", i, new NewRecord(body, null));

        var slice = await Log.ReadAsync(Stream, 3, 1000, Token);

        Assert.Equal(Enumerable.Range(4, 10).Select(i => (long)i), slice.Entries.Select(e => e.Offset));
        Assert.Equal(30, slice.Extent.Tail);
    }

    [Fact]
    public async Task A_read_returns_at_least_one_record()
    {
        await Log.AppendAsync(Stream, "p", 1, "small");
        await Log.AppendAsync(Stream, "p", 2, new NewRecord(new byte[3 * 1024 * 1024], null));
        await Log.AppendAsync(Stream, "p", 3, "small");

        var offsets = new List<long>();
        foreach (var after in new[] { 0, 1, 2 })
            offsets.AddRange((await Log.ReadAsync(Stream, after, 10, Token)).Entries.Select(e => e.Offset));

        Assert.Equal([1, 2, 3], offsets);
    }

    [Fact]
    public async Task Many_small_records_are_read_in_order_across_slices()
    {
        for (var i = 0; i < 10; i++)
            await Log.AppendAsync(Stream, "p", i + 1, Enumerable.Range(1, 500).Select(j => $"{(i * 500) + j}").ToArray());

        Assert.Equal(Enumerable.Range(1, 5000).Select(i => $"{i}"), await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task Instances_see_what_others_append()
    {
        var another = await AnotherAsync();
        var mine = await Log.AppendAsync(Stream, "p", 1, "a");

        var slice = await another.ReadAsync(Stream, 0, 10, Token);
        await another.AppendAsync(Stream, "q", 1, "b");

        Assert.Equal(mine, slice.Extent);
        Assert.Equal(["a", "b"], await Log.ReadAllAsync(Stream));
    }
}

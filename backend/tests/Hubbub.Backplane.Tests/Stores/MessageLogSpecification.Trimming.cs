using static Hubbub.Backplane.Tests.Stores.LogTestExtensions;

namespace Hubbub.Backplane.Tests.Stores;

public abstract partial class MessageLogSpecification
{
    [Fact]
    public async Task Trimming_takes_records_up_to_an_offset()
    {
        var before = await Log.AppendAsync(Stream, "p", 1, "a", "b", "c", "d");

        await Log.TrimAsync(Stream, 2, Token);

        var slice = await Log.ReadAsync(Stream, 0, 10, Token);
        Assert.Equal(before with { First = 3 }, slice.Extent);
        Assert.Equal([3, 4], slice.Entries.Select(e => e.Offset));
        Assert.Equal(["d"], await Log.ReadAllAsync(Stream, after: 3));
        Assert.Equal(5, (await Log.AppendAsync(Stream, "p", 2, "e")).Tail);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(long.MaxValue)]
    public async Task The_last_record_stays(long upTo)
    {
        var before = await Log.AppendAsync(Stream, "p", 1, "a", "b", "c", "d");

        await Log.TrimAsync(Stream, upTo, Token);

        Assert.Equal(before with { First = 4 }, await Log.OpenAsync(Stream, Token));
        Assert.Equal(["d"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task Trimming_again_or_less_or_nothing_changes_nothing()
    {
        var empty = await Log.OpenAsync(Stream, Token);
        await Log.TrimAsync(Stream, 10, Token);
        Assert.Equal(empty, await Log.OpenAsync(Stream, Token));

        await Log.AppendAsync(Stream, "p", 1, "a", "b", "c", "d");
        await Log.TrimAsync(Stream, 2, Token);
        var trimmed = await Log.OpenAsync(Stream, Token);
        foreach (var upTo in new[] { 2, 1, 0, -3 })
            await Log.TrimAsync(Stream, upTo, Token);

        Assert.Equal(trimmed, await Log.OpenAsync(Stream, Token));
        Assert.Equal(["c", "d"], await Log.ReadAllAsync(Stream));
    }

    [Fact]
    public async Task A_key_may_come_again_when_its_record_is_trimmed_and_not_before()
    {
        await Log.AppendAsync(Stream, "p", 1, Record("a", "k"), Record("b", "l"), Record("c"));

        await Log.TrimAsync(Stream, 1, Token);
        await Log.AppendAsync(Stream, "p", 2, Record("new", "k"), Record("again", "l"));

        Assert.Equal(["b", "c", "new"], await Log.ReadAllAsync(Stream));
        await Log.AppendAsync(Stream, "p", 3, Record("once more", "k"));
        Assert.Equal(4, (await Log.OpenAsync(Stream, Token)).Tail);
    }

    [Fact]
    public async Task Much_is_trimmed_at_a_time()
    {
        for (var i = 0; i < 50; i++)
            await Log.AppendAsync(Stream, "p", i + 1, Enumerable.Range(1, 500).Select(j => Record("r", j % 10 == 0 ? $"{i}/{j}" : null)).ToArray());

        await Log.TrimAsync(Stream, 24_990, Token);
        var extent = await Log.AppendAsync(Stream, "p", 51, Record("new", "0/10"), Record("kept", "49/500"));

        Assert.Equal((24_991, 25_001), (extent.First, extent.Tail));
        Assert.Equal(11, (await Log.ReadAllAsync(Stream)).Count);
    }

    [Fact]
    public async Task A_repeated_batch_is_known_after_its_records_are_trimmed()
    {
        await Log.AppendAsync(Stream, "p", 1, "a", "b");
        await Log.AppendAsync(Stream, "q", 1, "c");
        await Log.TrimAsync(Stream, 2, Token);

        await Log.AppendAsync(Stream, "p", 1, "a", "b");

        Assert.Equal(["c"], await Log.ReadAllAsync(Stream));
    }
}

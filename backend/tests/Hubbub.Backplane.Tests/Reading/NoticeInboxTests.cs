using Hubbub.Backplane.Log;
using Hubbub.Backplane.Reading;

namespace Hubbub.Backplane.Tests.Reading;

/// <summary>However often a doorbell rings, what waits for the reader stays bounded, and that something waits is not forgotten.</summary>
public sealed class NoticeInboxTests
{
    [Theory]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(100_000)]
    public void A_flood_shrinks_to_a_bound_and_says_that_there_may_be_more_than_it_tells(int rings)
    {
        using var inbox = new NoticeInbox();
        for (var i = 1; i <= rings; i++)
            inbox.Add(LogNotice.UpTo(i));

        var rest = new List<LogNotice>();
        while (inbox.TryTake(out var notice))
            rest.Add(notice);
        Assert.InRange(rest.Count, 1, 64);

        // The first of the rest tells the reader to look for itself; the others follow on.
        Assert.Equal(LogNotice.Unknown, rest[0]);
        Assert.Equal(Enumerable.Range(rings - rest.Count + 2, rest.Count - 1).Select(i => (long)i), rest.Skip(1).Select(n => n.Tail));
    }

    [Fact]
    public async Task A_ring_before_the_wait_ends_it_and_many_rings_end_one()
    {
        using var inbox = new NoticeInbox();
        for (var i = 0; i < 1000; i++)
            inbox.Add(LogNotice.Unknown);
        await inbox.WaitAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

        var second = inbox.WaitAsync(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        inbox.Wake();
        await second;
    }
}

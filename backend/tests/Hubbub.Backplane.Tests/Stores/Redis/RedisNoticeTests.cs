using System.Text;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.Redis;

namespace Hubbub.Backplane.Tests.Stores.Redis;

public sealed class RedisNoticeTests
{
    [Fact]
    public void A_message_with_bodies_is_read()
    {
        var notice = Read("abc.run 7 9 1:a0:5:a:b 1");
        Assert.Equal(("abc", "run", 9), (notice.Epoch, notice.Incarnation, notice.Tail));
        Assert.Equal([(7, "a"), (8, ""), (9, "a:b 1")], notice.Entries.Select(e => ((int)e.Offset, e.Text())));
    }

    [Fact]
    public void A_message_without_bodies_is_read()
    {
        var notice = Read("abc.run 0 9 ");
        Assert.Equal(("abc", 9, 0), (notice.Epoch, notice.Tail, notice.Entries.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("abc")]
    [InlineData("abc 7 7 1:a")]
    [InlineData(".run 7 7 1:a")]
    [InlineData("abc.run 1")]
    [InlineData("abc.run 1 2")]
    [InlineData("abc.run x 2 ")]
    [InlineData("abc.run 1 -2 ")]
    [InlineData(" 1 2 ")]
    [InlineData("abc.run 1 2 1:a")]
    [InlineData("abc.run 1 1 1:a1:b")]
    [InlineData("abc.run 1 1 9:a")]
    [InlineData("abc.run 1 1 -1:a")]
    [InlineData("abc.run 1 1 1")]
    [InlineData("abc.run 1 1 99999999999999999999:a")]
    public void A_message_that_is_not_understood_says_nothing(string message) => Assert.Same(LogNotice.Unknown, Read(message));

    private static LogNotice Read(string message) => RedisNotice.Read(Encoding.UTF8.GetBytes(message));
}

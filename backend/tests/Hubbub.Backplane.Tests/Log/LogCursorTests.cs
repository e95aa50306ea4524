using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Log;

public sealed class LogCursorTests
{
    [Theory]
    [InlineData(42, 0xfedcba98, "0a1b.fedcba98.42")]
    [InlineData(1, 0x1f, "0a1b.0000001f.1")]
    [InlineData(long.MaxValue, 0, "0a1b.00000000.9223372036854775807")]
    public void A_cursor_comes_back_as_it_was(long offset, uint tag, string text)
    {
        var cursor = new LogCursor("0a1b", offset, tag);

        Assert.Equal(text, cursor.ToString());
        Assert.True(LogCursor.TryParse(text, out var read));
        Assert.Equal(cursor, read);
    }

    [Fact]
    public void A_place_without_a_record_and_a_cursor_of_the_release_before_have_no_tag()
    {
        Assert.Equal("0a1b.42", new LogCursor("0a1b", 42).ToString());
        Assert.True(LogCursor.TryParse("0a1b.42", out var cursor));
        Assert.Equal(new LogCursor("0a1b", 42), cursor);
    }

    [Fact]
    public void The_longest_one_is_read()
    {
        var cursor = new LogCursor(new string('e', 32), long.MaxValue, uint.MaxValue);

        Assert.True(LogCursor.TryParse(cursor.ToString(), out var read));
        Assert.Equal(cursor, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".5")]
    [InlineData("e")]
    [InlineData("e.")]
    [InlineData("e.-1")]
    [InlineData("e. 1")]
    [InlineData("e.1x")]
    [InlineData("e.99999999999999999999")]
    [InlineData("e..1")]
    [InlineData("e.xyz.1")]
    [InlineData("e.-1.1")]
    [InlineData("e. 1.1")]
    [InlineData("e.100000000.1")]
    [InlineData("e.1f.")]
    [InlineData("e.1f.1.1")]
    [InlineData(".1f.1")]
    [InlineData("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.1")]
    public void Anything_else_is_refused(string? text) => Assert.False(LogCursor.TryParse(text, out _));
}

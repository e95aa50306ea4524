using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Log;

public sealed class LogCursorTests
{
    [Fact]
    public void A_cursor_comes_back_as_it_was()
    {
        Assert.True(LogCursor.TryParse(new LogCursor("0a1b", 42).ToString(), out var cursor));
        Assert.Equal(new LogCursor("0a1b", 42), cursor);
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
    [InlineData("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.1")]
    public void Anything_else_is_refused(string? text) => Assert.False(LogCursor.TryParse(text, out _));
}

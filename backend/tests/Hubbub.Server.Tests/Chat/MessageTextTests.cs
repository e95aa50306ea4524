using Hubbub.Server.Chat;

namespace Hubbub.Server.Tests.Chat;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("  hello \t\n", "hello")]
    [InlineData("a\r\nb\rc\nd", "a\nb\nc\nd")]
    [InlineData("a\u2028b", "a\u2028b")]
    [InlineData("\u200bhidden\u200b", "\u200bhidden\u200b")]
    [InlineData("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦")]
    [InlineData("שלום \u202eworld\u202c", "שלום \u202eworld\u202c")]
    [InlineData("<script>alert(1)</script>", "<script>alert(1)</script>")]
    public void A_fit_text_is_kept_as_it_is_but_for_its_ends_and_line_ends(string raw, string expected)
    {
        Assert.True(MessageText.Clean(raw).Succeeded(out var text, out _));
        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("", "text_empty")]
    [InlineData(" \r\n\t\u00a0\u3000", "text_empty")]
    [InlineData("\u200b\u200d\ufeff", "text_empty")]
    [InlineData("a\0b", "text_invalid")]
    public void An_unfit_text_is_refused_with_the_reason(string raw, string code)
    {
        Assert.False(MessageText.Clean(raw).Succeeded(out _, out var error));
        Assert.Equal(code, error.Code);
    }

    // Not inline data: a test runner writes half of a pair as something else.
    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        foreach (var half in new[] { "\ud83d", "a\udc00b", "\ude00\ud83d" })
        {
            Assert.False(MessageText.Clean(half).Succeeded(out _, out var error));
            Assert.Equal("text_invalid", error.Code);
        }
    }

    [Fact]
    public void The_limit_counts_utf_16_units_after_the_ends_are_cut()
    {
        Assert.True(MessageText.Clean(" " + new string('x', 4000) + " ").Succeeded(out _, out _));
        Assert.True(MessageText.Clean(string.Concat(Enumerable.Repeat("😀", 2000))).Succeeded(out _, out _));
        Assert.False(MessageText.Clean(new string('x', 4001)).Succeeded(out _, out var error));
        Assert.Equal("text_too_long", error.Code);
        Assert.False(MessageText.Clean(string.Concat(Enumerable.Repeat("😀", 2000)) + "x").Succeeded(out _, out _));
    }
}

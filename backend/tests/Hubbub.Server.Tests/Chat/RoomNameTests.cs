using Hubbub.Server.Chat;

namespace Hubbub.Server.Tests.Chat;

public sealed class RoomNameTests
{
    [Theory]
    [InlineData("  Tea room ", "Tea room", "TEA ROOM")]
    [InlineData("Ёлка", "Ёлка", "ЁЛКА")]
    [InlineData("lob\u200bby", "lob\u200bby", "LOBBY")]
    [InlineData("🎲 games", "🎲 games", "🎲 GAMES")]
    public void A_fit_name_is_shown_as_typed_and_compared_without_case_and_invisible_characters(string raw, string text, string key)
    {
        Assert.True(RoomName.Parse(raw).Succeeded(out var name, out _));
        Assert.Equal(new RoomName(text, key), name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData("\u200b")]
    [InlineData("two\nlines")]
    [InlineData("nul\0")]
    [InlineData("\u202egnp.exe")]
    public void An_unfit_name_is_refused(string? raw) => Assert.False(RoomName.Parse(raw).Succeeded(out _, out _));

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() => Assert.False(RoomName.Parse("half \ud83d pair").Succeeded(out _, out _));

    [Fact]
    public void A_name_has_at_most_60_characters()
    {
        Assert.True(RoomName.Parse(new string('x', 60)).Succeeded(out _, out _));
        Assert.False(RoomName.Parse(new string('x', 61)).Succeeded(out _, out _));
    }
}

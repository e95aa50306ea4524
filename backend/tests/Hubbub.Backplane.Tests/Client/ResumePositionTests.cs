using Hubbub.Backplane.Client;

namespace Hubbub.Backplane.Tests.Client;

public sealed class ResumePositionTests
{
    [Theory]
    [InlineData("e.5", "e.6", true)]
    [InlineData("e.5", "e.5", false)]
    [InlineData("e.5", "e.4", false)]
    [InlineData("e.5", "other.4", true)]
    [InlineData("e.aa.5", "e.bb.6", true)]
    [InlineData("e.aa.5", "e.bb.5", false)]
    [InlineData("e.5", "e.aa.4", false)]
    [InlineData("e.9", "e.10", true)]
    public void It_moves_forward_only_and_begins_anew_in_another_epoch(string at, string next, bool isNew)
    {
        var position = new ResumePosition(at);
        Assert.Equal(isNew, position.Advance(next));
        Assert.Equal(isNew ? next : at, position.Cursor);
    }

    [Fact]
    public void The_answer_sets_it_also_backwards_and_names_the_connection_that_the_next_one_replaces()
    {
        var position = new ResumePosition("e.5");
        position.Begin(new Uri("http://a"), "first");
        Assert.False(position.IsAnswered);
        Assert.Equal("", position.Previous);
        position.Answered("e.3");
        Assert.True(position.IsAnswered);
        Assert.Equal(("e.3", "first", new Uri("http://a")), (position.Cursor, position.Previous, position.Replica));

        // The server never answered this one.
        position.Begin(new Uri("http://b"), "second");
        Assert.Equal("first", position.Previous);
        position.Answered(null);
        Assert.Equal("", position.Cursor);
    }
}

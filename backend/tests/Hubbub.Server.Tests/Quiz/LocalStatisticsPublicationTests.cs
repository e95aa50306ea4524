using Hubbub.Server.Quiz;

namespace Hubbub.Server.Tests.Quiz;

/// <summary>When a replica that reaches only its own connections publishes the statistics.</summary>
public sealed class LocalStatisticsPublicationTests
{
    private readonly LocalStatisticsPublication _publication = new(TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_publishes_when_answers_were_counted_here_and_at_no_other_time()
    {
        Assert.Equal("nothing", (await ClaimAsync()).Outcome);
        _publication.Answered();
        Assert.True(await _publication.IsPastAsync(7, Stop));
        Assert.Equal(("claimed", (long?)0), await OutcomeAsync());
        await ToldAsync(upTo: 7, version: 7);

        Assert.Equal("nothing", (await ClaimAsync()).Outcome);
        Assert.False(await _publication.IsPastAsync(7, Stop));
        Assert.True(await _publication.IsPastAsync(6, Stop));
    }

    [Fact]
    public async Task What_did_not_fit_comes_next_and_an_answer_that_was_counted_meanwhile_is_not_forgotten()
    {
        _publication.Answered();
        await ClaimAsync();
        await ToldAsync(upTo: 200, version: 300);
        Assert.Equal(("claimed", (long?)200), await OutcomeAsync());

        _publication.Answered();
        await ToldAsync(upTo: 300, version: 300);
        Assert.Equal(("claimed", (long?)300), await OutcomeAsync());
        await ToldAsync(upTo: 301, version: 301);
        Assert.Equal("nothing", (await ClaimAsync()).Outcome);
    }

    [Fact]
    public async Task A_publication_that_failed_is_due_again()
    {
        _publication.Answered();
        await ClaimAsync();
        Assert.Equal(("claimed", (long?)0), await OutcomeAsync());
    }

    [Fact]
    public async Task It_keeps_the_pause_between_two_updates()
    {
        _publication.Answered();
        await ClaimAsync();
        await ToldAsync(upTo: 1, version: 1, TimeSpan.FromHours(1));
        _publication.Answered();
        var turn = await ClaimAsync();
        Assert.Equal("wait", turn.Outcome);
        Assert.InRange(turn.Wait, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
    }

    private Task<PublicationTurn> ClaimAsync() => _publication.ClaimAsync(Guid.NewGuid(), TimeSpan.FromSeconds(1), Stop);

    private async Task<(string Outcome, long? After)> OutcomeAsync()
    {
        var turn = await ClaimAsync();
        return (turn.Outcome, turn.After);
    }

    private Task ToldAsync(long upTo, long version, TimeSpan pause = default) => _publication.ToldAsync(
        Guid.NewGuid(), after: 0, new StatisticsNews(new StatisticsUpdate(version, 0, 0, 0, [], [], []), upTo), pause, Stop);
}

using System.Net;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Quiz;

public sealed class AnswerRateTests(AnswerRateTests.StrictCluster cluster) : IClassFixture<AnswerRateTests.StrictCluster>
{
    [Fact]
    public async Task Who_answers_too_fast_is_told_to_wait_and_others_are_not()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync("any");
        for (var i = 0; i < 3; i++)
            await ada.AnswerAsync(made, rightly: true);

        using var response = await ada.TryAnswerAsync(made.Id, made.Right);

        Assert.Equal("too_many_requests", await QuizPerson.CodeAsync(response, HttpStatusCode.TooManyRequests));
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        await bob.AnswerAsync(made, rightly: true);
        Assert.Equal(4, (await ada.GetAsync("/api/statistics")).GetProperty("totalAnswers").GetInt64());
    }

    /// <summary>Its limit is so low, and fills up so slowly, that a test reaches it and stays there.</summary>
    public sealed class StrictCluster() : QuizCluster(new Settings
    {
        ["Quiz:AnswersPerUser:Burst"] = "3",
        ["Quiz:AnswersPerUser:PerSecond"] = "0.001",
    });
}

using System.Net.Http.Json;
using System.Text.Json;

namespace Hubbub.Server.Tests.Quiz;

public sealed class StatisticsTests(QuizCluster cluster) : IClassFixture<QuizCluster>
{
    private readonly string _category = QuizPerson.NewCategory();

    [Fact]
    public async Task Numbers_and_averages_are_those_of_the_answers()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        AssertSummary(await StatisticsAsync(ada), 0, 0, 0);

        await ada.AnswerAsync(made, rightly: true);
        await ada.AnswerAsync(made, rightly: false, replica: 1);
        await ada.AnswerAsync(made, rightly: true, replica: 1);
        AssertSummary(await StatisticsAsync(bob), 2, 1, 1);
        await bob.AnswerAsync(made, rightly: false, replica: 1);

        var statistics = await StatisticsAsync(bob, replica: 1);
        AssertSummary(statistics, 2, 2, 2);
        Assert.Equal(_category, statistics.GetProperty("category").GetString());
        Assert.Equal(
            ["category", "version", "correctAnswers", "incorrectAnswers", "users", "totalAnswers", "totalAnswersAverage", "correctAnswersAverage", "incorrectAnswersAverage"],
            statistics.EnumerateObject().Select(p => p.Name));
        var all = await bob.GetAsync("/api/statistics");
        Assert.Equal(JsonValueKind.Null, all.GetProperty("category").ValueKind);
        Assert.True(all.GetProperty("totalAnswers").GetInt64() >= 4);
        Assert.Equal(all.GetProperty("version").GetInt64(), statistics.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task The_version_rises_with_every_answer_whatever_its_category()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        var before = (await StatisticsAsync(ada)).GetProperty("version").GetInt64();

        for (var i = 1; i <= 5; i++)
        {
            await ada.AnswerAsync(made, rightly: true, i % 2);
            foreach (var address in new[] { "/api/statistics", "/api/statistics?category=another", "/api/statistics/details" })
                Assert.Equal(before + i, (await ada.GetAsync(address)).GetProperty("version").GetInt64());
        }
    }

    [Fact]
    public async Task Details_are_of_the_category_that_is_asked_for()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var popular = await admin.MakeQuestionAsync(_category);
        var rare = await admin.MakeQuestionAsync(_category);
        await admin.MakeQuestionAsync(_category);
        var elsewhere = QuizPerson.NewCategory();
        await ada.AnswerAsync(await admin.MakeQuestionAsync(elsewhere), rightly: true);
        await ada.AnswerAsync(rare, rightly: false);
        await ada.AnswerAsync(popular, rightly: true);
        await ada.AnswerAsync(popular, rightly: false);

        var details = await DetailsAsync(ada);
        AssertSummary(details.GetProperty("summary"), 1, 2, 1);
        Assert.Equal([popular.Id, rare.Id], details.GetProperty("questions").EnumerateArray().Select(q => q.GetProperty("id").GetString()));
        Assert.Equal([(1L, 1L, 2L), (0L, 1L, 1L)], details.GetProperty("questions").EnumerateArray().Select(q =>
            (q.GetProperty("correctAnswers").GetInt64(), q.GetProperty("incorrectAnswers").GetInt64(), q.GetProperty("totalAnswers").GetInt64())));
        Assert.Equal(3, details.GetProperty("lastHour").EnumerateArray().Sum(m =>
            m.GetProperty("correctAnswers").GetInt64() + m.GetProperty("incorrectAnswers").GetInt64()));
        var categories = details.GetProperty("categories").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);
        AssertSummary(categories[_category], 1, 2, 1);
        AssertSummary(categories[elsewhere], 1, 0, 1);

        var all = await ada.GetAsync("/api/statistics/details");
        Assert.Superset(
            details.GetProperty("questions").EnumerateArray().Select(q => q.GetProperty("id").GetString()).ToHashSet(),
            all.GetProperty("questions").EnumerateArray().Select(q => q.GetProperty("id").GetString()).ToHashSet());
    }

    [Fact]
    public async Task The_last_hour_has_the_minutes_of_the_last_hour_oldest_first()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        await ada.AnswerAsync(await admin.MakeQuestionAsync(_category), rightly: true);
        await cluster.ExecuteAsync(
            """
            insert into quiz_minutes (minute, category, correct, incorrect)
            select date_trunc('minute', now(), 'UTC') - n * interval '1 minute', $1, n, 1 from unnest(array[59, 30, 62, 600]) n
            """,
            _category);

        var minutes = (await DetailsAsync(ada)).GetProperty("lastHour").EnumerateArray().ToList();

        Assert.Equal([59L, 30L, 1L], minutes.Select(m => m.GetProperty("correctAnswers").GetInt64()));
        Assert.Equal(minutes.Select(m => m.GetProperty("minute").GetDateTimeOffset()).Order(), minutes.Select(m => m.GetProperty("minute").GetDateTimeOffset()));
    }

    [Fact]
    public async Task An_answer_counts_where_its_question_was_when_it_was_answered()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        await ada.AnswerAsync(made, rightly: true);
        var later = QuizPerson.NewCategory();
        using var changed = await admin.Http().PutAsJsonAsync($"/api/quiz/questions/{made.Id}", new
        {
            title = "Now somewhere else, and the other one is right",
            category = later,
            revision = made.Revision,
            options = new[] { new { id = made.Right, title = "a", isCorrect = false }, new { id = made.Wrong, title = "b", isCorrect = true } },
        });
        changed.EnsureSuccessStatusCode();
        await ada.AnswerAsync(made, rightly: true);

        AssertSummary(await StatisticsAsync(ada), 1, 0, 1);
        AssertSummary(await ada.GetAsync($"/api/statistics?category={Uri.EscapeDataString(later)}"), 0, 1, 1);
        await admin.Http().DeleteAsync($"/api/quiz/questions/{made.Id}");
        var question = (await ada.GetAsync($"/api/statistics/details?category={Uri.EscapeDataString(later)}")).GetProperty("questions")[0];
        Assert.Equal(made.Id, question.GetProperty("id").GetString());
        Assert.Equal(2, question.GetProperty("totalAnswers").GetInt64());
    }

    private static void AssertSummary(JsonElement summary, long correct, long incorrect, long users)
    {
        Assert.Equal(
            (correct + incorrect, correct, incorrect, users),
            (summary.GetProperty("totalAnswers").GetInt64(),
                summary.GetProperty("correctAnswers").GetInt64(),
                summary.GetProperty("incorrectAnswers").GetInt64(),
                summary.GetProperty("users").GetInt64()));
        Assert.Equal(users == 0 ? 0 : (double)(correct + incorrect) / users, summary.GetProperty("totalAnswersAverage").GetDouble());
        Assert.Equal(users == 0 ? 0 : (double)correct / users, summary.GetProperty("correctAnswersAverage").GetDouble());
        Assert.Equal(users == 0 ? 0 : (double)incorrect / users, summary.GetProperty("incorrectAnswersAverage").GetDouble());
    }

    private Task<JsonElement> StatisticsAsync(QuizPerson person, int replica = 0) =>
        person.GetAsync($"/api/statistics?category={Uri.EscapeDataString(_category)}", replica);

    private Task<JsonElement> DetailsAsync(QuizPerson person) => person.GetAsync($"/api/statistics/details?category={Uri.EscapeDataString(_category)}");
}

using System.Text.Json;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Quiz;

/// <summary>What open statistics pages are told. The tests of this class go one after the other, and each waits until its own news are told.</summary>
public sealed class LiveStatisticsTests(QuizCluster cluster) : IClassFixture<QuizCluster>
{
    private const string Update = "UpdateStatistics";

    private readonly string _category = QuizPerson.NewCategory();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task An_answer_on_one_replica_moves_the_statistics_on_the_other(int here, int there)
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        await using var page = await bob.WatchAsync(there);
        var before = (await page.Events.WaitForAsync(Update)).Payload;
        Assert.Empty(before.GetProperty("questions").EnumerateArray());
        Assert.Empty(before.GetProperty("minutes").EnumerateArray());

        await ada.AnswerAsync(made, rightly: true, here);
        var update = (await page.Events.WaitForAsync(Update, e => Version(e) > before.GetProperty("version").GetInt64())).Payload;

        Assert.Equal(
            [
                "version", "categories", "questions", "minutes", "correctAnswers", "incorrectAnswers", "users", "totalAnswers",
                "totalAnswersAverage", "correctAnswersAverage", "incorrectAnswersAverage",
            ],
            update.EnumerateObject().Select(p => p.Name));
        Assert.Equal(before.GetProperty("version").GetInt64() + 1, update.GetProperty("version").GetInt64());
        Assert.Equal(before.GetProperty("totalAnswers").GetInt64() + 1, update.GetProperty("totalAnswers").GetInt64());
        Assert.Equal(before.GetProperty("correctAnswers").GetInt64() + 1, update.GetProperty("correctAnswers").GetInt64());
        Assert.Equal(1, Category(update).GetProperty("totalAnswers").GetInt64());
        var question = Assert.Single(update.GetProperty("questions").EnumerateArray());
        Assert.Equal(
            (made.Id, _category, 1L, 1L, 0L),
            (question.GetProperty("id").GetString(),
                question.GetProperty("category").GetString(),
                question.GetProperty("totalAnswers").GetInt64(),
                question.GetProperty("correctAnswers").GetInt64(),
                question.GetProperty("incorrectAnswers").GetInt64()));
        var minute = update.GetProperty("minutes").EnumerateArray().First(m => m.GetProperty("category").GetString() == _category);
        Assert.Equal((1L, 0L), (minute.GetProperty("correctAnswers").GetInt64(), minute.GetProperty("incorrectAnswers").GetInt64()));
        Assert.Equal(0, minute.GetProperty("minute").GetDateTimeOffset().Second);
    }

    [Fact]
    public async Task A_page_that_opens_later_is_shown_the_present_state()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        await ada.AnswerAsync(await admin.MakeQuestionAsync(_category), rightly: false);

        await using var page = await ada.WatchAsync(1);
        var snapshot = (await page.Events.WaitForAsync(Update)).Payload;

        Assert.Equal((await ada.GetAsync("/api/statistics")).GetProperty("version").GetInt64(), snapshot.GetProperty("version").GetInt64());
        Assert.Equal(1, Category(snapshot).GetProperty("incorrectAnswers").GetInt64());
    }

    [Fact]
    public async Task A_burst_on_two_replicas_becomes_at_most_ten_updates_a_second_and_the_last_state_comes()
    {
        const int People = 8;
        const int Each = 100;
        using var admin = await cluster.AdminAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => admin.MakeQuestionAsync(_category)));
        var people = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => cluster.NewPersonAsync()));
        await using var first = await admin.WatchAsync(0);
        await using var second = await admin.WatchAsync(1);
        var start = (await first.Events.WaitForAsync(Update)).Payload.GetProperty("version").GetInt64();
        await second.Events.WaitForAsync(Update);

        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(people.Select(async (person, p) =>
        {
            for (var i = 0; i < Each; i++)
                await person.AnswerAsync(made[i % made.Length], rightly: i % 4 == 0, (p + i) % 2);
        }));
        foreach (var page in new[] { first, second })
            await page.Events.WaitForAsync(Update, e => Version(e) == start + (People * Each));
        var elapsed = TimeProvider.System.GetElapsedTime(began);

        foreach (var page in new[] { first, second })
        {
            var versions = page.Events.Of(Update).Skip(1).Select(Version).Where(v => v > start).ToList();
            Assert.Equal(versions.Order(), versions);
            Assert.True(versions.Count <= 1 + (elapsed.TotalMilliseconds / 100), $"{versions.Count} updates in {elapsed}");
            var last = page.Events.Of(Update)[^1].Payload;
            Assert.Equal((People * Each, People), ((int)Category(last).GetProperty("totalAnswers").GetInt64(), (int)Category(last).GetProperty("users").GetInt64()));

            // Whoever puts the questions' numbers together as they come has them all.
            var questions = new Dictionary<string, long>();
            foreach (var question in page.Events.Of(Update).SelectMany(e => e.Payload.GetProperty("questions").EnumerateArray()))
                questions[question.GetProperty("id").GetString()!] = question.GetProperty("totalAnswers").GetInt64();
            Assert.All(made, m => Assert.Equal(People * Each / made.Length, questions[m.Id]));
        }

        foreach (var person in people)
            person.Dispose();
    }

    [Fact]
    public async Task What_a_replica_took_and_could_not_tell_before_it_died_is_told_by_another()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        await using var page = await ada.WatchAsync(1);

        // What a transaction leaves behind whose replica is gone.
        await cluster.ExecuteAsync(
            "select outcome from take_answers(array[$1], array[$2], array[$3], array['left behind'])", ada.Id, Guid.Parse(made.Id), Guid.Parse(made.Wrong));

        var update = await page.Events.WaitForAsync(Update, e => Has(e, _category));
        Assert.Equal(1, Category(update.Payload).GetProperty("incorrectAnswers").GetInt64());
    }

    [Fact]
    public async Task When_the_replica_that_was_about_to_tell_dies_another_one_tells_once_the_claim_has_run_out()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        await using var page = await ada.WatchAsync(1);
        await ToldAsync();
        var until = (DateTime)(await cluster.ExecuteAsync(
            "update quiz_publication set claim = gen_random_uuid(), claimed_until = clock_timestamp() + interval '700 ms' returning claimed_until"))!;

        await ada.AnswerAsync(made, rightly: true);
        await page.Events.WaitForAsync(Update, e => Has(e, _category));

        Assert.True((bool)(await cluster.ExecuteAsync("select clock_timestamp() >= $1", until))!);
    }

    [Fact]
    public async Task When_a_replica_tells_after_its_claim_ran_out_the_present_state_is_told_once_more()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        await using var page = await ada.WatchAsync(1);
        await ToldAsync();
        var slow = Guid.NewGuid();
        var before = (long)(await cluster.ExecuteAsync("select version from quiz_publication"))!;
        await cluster.ExecuteAsync("update quiz_publication set claim = $1, claimed_until = clock_timestamp() + interval '200 ms'", slow);
        await ada.AnswerAsync(made, rightly: true);
        await page.Events.WaitForAsync(Update, e => Has(e, _category));

        await cluster.ExecuteAsync("select statistics_told($1, $2, $2, $2, interval '100 ms')", slow, before);

        var again = await page.Events.WaitForAsync(Update, e => Version(e) > before && e.Payload.GetProperty("questions").GetArrayLength() > 0);
        Assert.Equal(before + 1, Version(again));
        Assert.Equal(made.Id, again.Payload.GetProperty("questions")[0].GetProperty("id").GetString());
        await ToldAsync();
    }

    [Fact]
    public async Task More_questions_than_fit_into_an_update_are_told_in_the_next_ones()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        await admin.ImportAsync(JsonSerializer.Serialize(new
        {
            format = "hubbub-quiz",
            version = 1,
            questions = Enumerable.Range(0, 450).Select(i => new { title = $"{_category} {i}", category = _category, options = new[] { "a", "b" }, correct = 0 }),
        }));
        await using var page = await ada.WatchAsync(1);
        await cluster.ExecuteAsync(
            """
            select count(*) from (
                select take_answers(array_agg($1), array_agg(q.id), array_agg(o.id), array_agg(null::text))
                from quiz_questions q
                join quiz_options o on o.question_id = q.id and o.is_correct
                where q.category = $2) answered
            """,
            ada.Id,
            _category);

        var told = new HashSet<string>();
        while (told.Count < 450)
        {
            var update = await page.Events.WaitForAsync(Update, e => e.Payload.GetProperty("questions").GetArrayLength() > 0);
            Assert.InRange(update.Payload.GetProperty("questions").GetArrayLength(), 1, 200);
            foreach (var question in update.Payload.GetProperty("questions").EnumerateArray())
                Assert.True(told.Add(question.GetProperty("id").GetString()!));
        }
    }

    [Fact]
    public async Task The_hub_is_for_people_who_are_signed_in()
    {
        var replica = await cluster.ReplicaAsync(0);
        using var response = await replica.Http.PostAsync("/statisticsHub/negotiate?negotiateVersion=1", content: null, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static long Version(HubEvent update) => update.Payload.GetProperty("version").GetInt64();

    private static bool Has(HubEvent update, string category) =>
        update.Payload.GetProperty("categories").EnumerateArray().Any(c => c.GetProperty("name").GetString() == category);

    private JsonElement Category(JsonElement update) =>
        update.GetProperty("categories").EnumerateArray().Single(c => c.GetProperty("name").GetString() == _category);

    private Task ToldAsync() => Eventually.TrueAsync(async () => (bool)(await cluster.ExecuteAsync(
        "select p.version = t.version and p.claim is null from quiz_publication p, quiz_totals t"))!);
}

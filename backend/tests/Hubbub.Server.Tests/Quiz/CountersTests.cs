using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Quiz;

/// <summary>Whatever happens, the counters are what counting all answers again would say.</summary>
public sealed class CountersTests(QuizCluster cluster) : IClassFixture<QuizCluster>
{
    // Each counter, and what it counts.
    private static readonly (string Kept, string Counted)[] Counters =
    [
        ("select version, correct, incorrect, users from quiz_totals",
            "select count(*), count(*) filter (where is_correct), count(*) filter (where not is_correct), count(distinct user_id) from quiz_answers"),
        ("select category, correct, incorrect, users from quiz_category_totals",
            """
            select category, count(*) filter (where is_correct), count(*) filter (where not is_correct), count(distinct user_id)
            from quiz_answers group by category
            """),
        ("select question_id, correct, incorrect from quiz_question_totals",
            "select question_id, count(*) filter (where is_correct), count(*) filter (where not is_correct) from quiz_answers group by question_id"),
        ("select minute, category, correct, incorrect from quiz_minutes",
            """
            select date_trunc('minute', answered_at, 'UTC'), category, count(*) filter (where is_correct), count(*) filter (where not is_correct)
            from quiz_answers group by 1, 2
            """),
        ("select user_id, question_id, answers from quiz_user_questions",
            "select user_id, question_id, count(*) from quiz_answers group by user_id, question_id"),
        ("select moved_version from quiz_question_totals",
            "select max(n) from (select question_id, row_number() over (order by id) as n from quiz_answers) numbered group by question_id"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [SuppressMessage("Security", "CA5394", Justification = "A mix that can be repeated.")]
    public async Task Counters_equal_a_recount_after_any_mix_of_answers_on_two_replicas(int seed)
    {
        const int Lanes = 24;
        const int Each = 40;
        using var admin = await cluster.AdminAsync();
        string[] categories = [QuizPerson.NewCategory(), QuizPerson.NewCategory(), QuizPerson.NewCategory()];
        var made = new List<MadeQuestion>();
        for (var i = 0; i < 9; i++)
            made.Add(await admin.MakeQuestionAsync(categories[i % 3], options: 2 + (i % 5)));
        var people = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => cluster.NewPersonAsync()));
        var before = await StoredAsync();
        var accepted = new ConcurrentBag<(Guid User, string? ClientId)>();
        var outcomes = new ConcurrentDictionary<(Guid, string), string>();

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            var random = new Random((seed * 1000) + lane);
            for (var i = 0; i < Each; i++)
            {
                var person = people[random.Next(people.Length)];
                var question = made[random.Next(made.Count)];

                // Few ids, so that most come again: with the same answer, with another one, on the other replica, in the same moment.
                var clientId = random.Next(3) == 0 ? null : $"{seed}/{random.Next(40)}";
                var option = random.Next(2) == 0 ? question.Right : question.Wrong;
                if (random.Next(25) == 0)
                    await MoveAsync(admin, question.Id, categories[random.Next(3)]);
                using var response = await person.TryAnswerAsync(question.Id, option, clientId, random.Next(2));
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    accepted.Add((person.Id, clientId));
                    var text = await response.Content.ReadAsStringAsync();
                    if (clientId is not null)
                        Assert.Equal(outcomes.GetOrAdd((person.Id, clientId), text), text);
                }
                else
                {
                    Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
                    Assert.NotNull(clientId);
                }
            }
        }));

        var expected = accepted.Count(a => a.ClientId is null) + accepted.Where(a => a.ClientId is not null).Distinct().Count();
        Assert.Equal(expected, await StoredAsync() - before);
        await AssertCountersAsync(sql => cluster.ExecuteAsync(sql));
        foreach (var person in people)
            person.Dispose();
    }

    [Fact]
    public async Task A_replica_that_is_killed_amid_answers_loses_none_and_doubles_none()
    {
        const int People = 6;
        const int Each = 30;
        await using var two = await QuizCluster.StartAsync([]);
        TestReplica[] replicas = [two[0], two[1]];
        using var admin = await QuizCluster.AdminAsync(replicas);
        var made = await admin.MakeQuestionAsync("any");
        var people = await Task.WhenAll(Enumerable.Range(0, People).Select(async _ => new QuizPerson(await two[0].RegisterAsync(), replicas)));
        await using var page = await admin.WatchAsync(1);
        var answered = 0;
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var answering = Task.WhenAll(people.Select(async person =>
        {
            var replica = 0;
            for (var i = 0; i < Each; i++)
            {
                if (Interlocked.Increment(ref answered) == People * Each / 2)
                    half.SetResult();
                while (true)
                {
                    try
                    {
                        using var response = await person.TryAnswerAsync(made.Id, i % 2 == 0 ? made.Right : made.Wrong, $"{i}", replica);
                        if (response.StatusCode == HttpStatusCode.OK)
                            break;
                    }
                    catch (HttpRequestException)
                    {
                        // It is gone, and whether it has counted this one nobody knows.
                    }

                    replica = 1;
                }
            }
        }));
        await half.Task.WaitAsync(Eventually.Patience);
        await two[0].KillAsync();
        await answering;

        await page.Events.WaitForAsync("UpdateStatistics", e => e.Payload.GetProperty("totalAnswers").GetInt64() == People * Each);
        var statistics = await people[0].GetAsync("/api/statistics", replica: 1);
        Assert.Equal(
            (People * Each, People * Each / 2, People),
            ((int)statistics.GetProperty("totalAnswers").GetInt64(), (int)statistics.GetProperty("correctAnswers").GetInt64(), (int)statistics.GetProperty("users").GetInt64()));
        await AssertCountersAsync(sql => QuizCluster.ExecuteAsync(two.Database.Source, sql));
        foreach (var person in people)
            person.Dispose();
    }

    private static async Task AssertCountersAsync(Func<string, Task<object?>> execute)
    {
        foreach (var (kept, counted) in Counters)
        {
            var differences = (long)(await execute($"select count(*) from (({kept} except all {counted}) union all ({counted} except all {kept})) d"))!;
            Assert.True(differences == 0, $"{differences} differences between [{kept}] and [{counted}]");
        }
    }

    // Questions move between categories meanwhile; two at once may refuse each other, which is fine.
    private static async Task MoveAsync(QuizPerson admin, string id, string category)
    {
        var present = await admin.GetAsync($"/api/quiz/questions/{id}");
        using var response = await admin.Http().PutAsJsonAsync($"/api/quiz/questions/{id}", new
        {
            title = present.GetProperty("title").GetString(),
            category,
            explanation = present.GetProperty("explanation").GetString(),
            revision = present.GetProperty("revision").GetInt32(),
            options = present.GetProperty("options"),
        });
        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict });
    }

    private async Task<long> StoredAsync() => (long)(await cluster.ExecuteAsync("select count(*) from quiz_answers"))!;
}

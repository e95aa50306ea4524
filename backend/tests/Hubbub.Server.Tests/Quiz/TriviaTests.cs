using System.Net;
using System.Text.Json;
using Hubbub.Server.Quiz;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Quiz;

public sealed class TriviaTests(QuizCluster cluster) : IClassFixture<QuizCluster>
{
    private readonly string _category = QuizPerson.NewCategory();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_question_is_one_that_was_answered_least_in_an_order_that_stays()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = new List<MadeQuestion>();
        for (var i = 0; i < 6; i++)
            made.Add(await admin.MakeQuestionAsync(_category));

        // A hole.
        (await admin.Http().DeleteAsync($"/api/quiz/questions/{made[2].Id}", Stop)).EnsureSuccessStatusCode();
        made.RemoveAt(2);

        var rounds = new List<List<string>>();
        for (var round = 0; round < 3; round++)
        {
            var asked = new List<string>();
            for (var i = 0; i < made.Count; i++)
            {
                var question = (await ada.NextAsync(_category, i % 2)).GetProperty("id").GetString()!;
                Assert.Equal(question, (await ada.NextAsync(_category, (i + 1) % 2)).GetProperty("id").GetString());
                await ada.AnswerAsync(made.Single(m => m.Id == question), i % 3 == 0, i % 2);
                asked.Add(question);
            }

            rounds.Add(asked);
        }

        Assert.Equal(made.Select(m => m.Id).Order(), rounds[0].Order());
        Assert.All(rounds, round => Assert.Equal(rounds[0], round));
    }

    [Fact]
    public async Task A_new_question_comes_before_those_that_were_answered_before()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        await ada.AnswerAsync(await admin.MakeQuestionAsync(_category), rightly: true);
        var added = await admin.MakeQuestionAsync(_category);

        Assert.Equal(added.Id, (await ada.NextAsync(_category)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Nothing_that_comes_before_the_answer_tells_which_option_is_right()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);

        var received = await ada.Http().GetStringAsync($"/api/trivia?category={Uri.EscapeDataString(_category)}", Stop);
        var question = JsonSerializer.Deserialize<JsonElement>(received);
        Assert.Equal(["id", "title", "category", "options", "attribution"], question.EnumerateObject().Select(p => p.Name));
        Assert.All(question.GetProperty("options").EnumerateArray(), o => Assert.Equal(["id", "title"], o.EnumerateObject().Select(p => p.Name)));
        Assert.DoesNotContain("because", received, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("correct", received, StringComparison.OrdinalIgnoreCase);
        foreach (var other in new[] { "/api/trivia/categories", "/api/statistics", "/api/statistics/details" })
            Assert.DoesNotContain(made.Right, await ada.Http().GetStringAsync(other, Stop), StringComparison.Ordinal);

        // Neither do the ids, which are random, nor the order, in which the right one is everywhere.
        var trivia = await cluster.ServiceAsync<Trivia>();
        var places = new HashSet<int>();
        for (var i = 0; i < 200; i++)
        {
            var user = Guid.CreateVersion7();
            var shown = (await trivia.NextAsync(user, _category, Stop))!.Options;
            Assert.All(shown, o => Assert.Equal(4, o.Id.Version));
            Assert.Equal(shown, (await trivia.NextAsync(user, _category, Stop))!.Options);
            places.Add(shown.Select(o => o.Id.ToString()).ToList().IndexOf(made.Right));
        }

        Assert.Equal([0, 1, 2, 3], places.Order());
    }

    [Fact]
    public async Task People_get_questions_in_orders_of_their_own()
    {
        using var admin = await cluster.AdminAsync();
        for (var i = 0; i < 4; i++)
            await admin.MakeQuestionAsync(_category);

        var trivia = await cluster.ServiceAsync<Trivia>();
        var first = new HashSet<Guid>();
        for (var i = 0; i < 200; i++)
            first.Add((await trivia.NextAsync(Guid.CreateVersion7(), _category, Stop))!.Id);

        Assert.Equal(4, first.Count);
    }

    [Fact]
    public async Task An_answer_tells_what_was_right_and_why()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);

        foreach (var rightly in new[] { true, false })
        {
            var outcome = await ada.AnswerAsync(made, rightly);
            Assert.Equal(["isCorrect", "correctOptionId", "explanation"], outcome.EnumerateObject().Select(p => p.Name));
            Assert.Equal(rightly, outcome.GetProperty("isCorrect").GetBoolean());
            Assert.Equal(made.Right, outcome.GetProperty("correctOptionId").GetString());
            Assert.Equal("Because it is so.", outcome.GetProperty("explanation").GetString());
        }
    }

    [Fact]
    public async Task An_answer_that_is_repeated_counts_once_on_whichever_replica_and_however_many_come_at_once()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ada.AnswerAsync(made.Id, made.Wrong, "the same", i % 2)));
        Assert.All(outcomes, o => Assert.Equal(outcomes[0].GetRawText(), o.GetRawText()));

        // What was right then stays the answer, also when the question is gone.
        (await admin.Http().DeleteAsync($"/api/quiz/questions/{made.Id}", Stop)).EnsureSuccessStatusCode();
        Assert.Equal(outcomes[0].GetRawText(), (await ada.AnswerAsync(made.Id, made.Wrong, "the same")).GetRawText());

        var statistics = await ada.GetAsync($"/api/statistics?category={Uri.EscapeDataString(_category)}");
        Assert.Equal(1, statistics.GetProperty("totalAnswers").GetInt64());

        var other = await admin.MakeQuestionAsync(_category);
        Assert.Equal("answer_id_used", await QuizPerson.CodeAsync(await ada.TryAnswerAsync(other.Id, other.Right, "the same"), HttpStatusCode.Conflict));

        // The id is this person's own, and without one every answer counts.
        await bob.AnswerAsync(other.Id, other.Right, "the same");
        await bob.AnswerAsync(other, rightly: true);
        await bob.AnswerAsync(other, rightly: true);
        Assert.Equal(4, (await ada.GetAsync($"/api/statistics?category={Uri.EscapeDataString(_category)}")).GetProperty("totalAnswers").GetInt64());
    }

    [Fact]
    public async Task What_is_no_answer_is_refused_and_counts_nothing()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        var other = await admin.MakeQuestionAsync(_category);
        var gone = await admin.MakeQuestionAsync(_category);
        (await admin.Http().DeleteAsync($"/api/quiz/questions/{gone.Id}", Stop)).EnsureSuccessStatusCode();

        foreach (var id in new[] { "no such question", Guid.NewGuid().ToString(), gone.Id })
            Assert.Equal("question_not_found", await QuizPerson.CodeAsync(await ada.TryAnswerAsync(id, gone.Right), HttpStatusCode.NotFound));
        foreach (var (question, option, client, field) in new (string, string, string?, string)[]
        {
            (made.Id, other.Right, null, "optionId"),
            (made.Id, "?", null, "optionId"),
            (made.Id, "", null, "optionId"),
            ("", made.Right, null, "questionId"),
            (made.Id, made.Right, "", "clientAnswerId"),
            (made.Id, made.Right, new string('x', 65), "clientAnswerId"),
            (made.Id, made.Right, "\0", "clientAnswerId"),
        })
        {
            var problem = await Problem.ReadAsync(await ada.TryAnswerAsync(question, option, client), HttpStatusCode.BadRequest);
            Assert.Equal([field], problem.Errors!.Keys);
        }

        Assert.Equal(0, (await ada.GetAsync($"/api/statistics?category={Uri.EscapeDataString(_category)}")).GetProperty("totalAnswers").GetInt64());
        await ada.AnswerAsync(made.Id, made.Right, new string('x', 64));
    }

    [Fact]
    public async Task Categories_are_listed_and_one_without_questions_has_none_to_ask()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        await admin.MakeQuestionAsync(_category);
        await admin.MakeQuestionAsync(_category);

        var categories = await ada.GetAsync("/api/trivia/categories");
        Assert.Equal(2, categories.EnumerateArray().Single(c => c.GetProperty("name").GetString() == _category).GetProperty("questions").GetInt64());
        Assert.Equal("no_questions", await QuizPerson.CodeAsync(await ada.Http().GetAsync("/api/trivia?category=nothing", Stop), HttpStatusCode.NotFound));
        foreach (var address in new[] { "/api/trivia", "/api/statistics", "/api/statistics/details" })
        {
            var problem = await Problem.ReadAsync(await ada.Http().GetAsync($"{address}?category=%00", Stop), HttpStatusCode.BadRequest);
            Assert.Equal(["category"], problem.Errors!.Keys);
        }
    }

    [Fact]
    public async Task Only_people_who_are_signed_in_may_play()
    {
        var http = (await cluster.ReplicaAsync(0)).Http;
        foreach (var address in new[] { "/api/trivia", "/api/trivia/categories", "/api/statistics", "/api/statistics/details", "/api/quiz/questions" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(address, Stop)).StatusCode);
    }
}

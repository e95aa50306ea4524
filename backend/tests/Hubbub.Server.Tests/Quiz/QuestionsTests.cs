using System.Net;
using System.Net.Http.Json;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Quiz;

public sealed class QuestionsTests(QuizCluster cluster) : IClassFixture<QuizCluster>
{
    private readonly string _category = QuizPerson.NewCategory();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_administrators_see_and_change_questions()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        var question = $"/api/quiz/questions/{made.Id}";
        foreach (var (method, address) in new[]
        {
            ("GET", "/api/quiz/questions"), ("POST", "/api/quiz/questions"), ("GET", question), ("PUT", question), ("DELETE", question),
            ("POST", "/api/quiz/import"), ("GET", "/api/quiz/export"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            if (method is "POST" or "PUT")
                request.Content = JsonContent.Create(new { });
            using var response = await ada.Http().SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.DoesNotContain(made.Right, await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }

        Assert.Equal(made.Json.GetRawText(), (await admin.GetAsync(question)).GetRawText());
    }

    [Fact]
    public async Task A_question_is_made_as_it_was_written_and_markup_is_text()
    {
        using var admin = await cluster.AdminAsync();
        var title = $"  <script>alert('{_category}')</script>\r\nWhat is <b>this</b> & that?  ";
        using var response = await admin.Http().PostAsJsonAsync("/api/quiz/questions", new
        {
            title,
            category = _category,
            explanation = "<img src=x onerror=alert(1)>",
            options = new object[] { new { title = "<i>a</i>", isCorrect = false }, new { title = "b", isCorrect = true }, new { title = "c" } },
        });
        var made = await QuizPerson.ReadAsync(response, HttpStatusCode.Created);

        Assert.Equal($"/api/quiz/questions/{made.GetProperty("id").GetString()}", response.Headers.Location?.ToString());
        Assert.Equal(
            ["id", "title", "category", "explanation", "options", "revision", "answers", "license", "attribution"],
            made.EnumerateObject().Select(p => p.Name));
        Assert.Equal(title.Trim().Replace("\r\n", "\n", StringComparison.Ordinal), made.GetProperty("title").GetString());
        Assert.Equal("<img src=x onerror=alert(1)>", made.GetProperty("explanation").GetString());
        Assert.Equal([("<i>a</i>", false), ("b", true), ("c", false)], made.GetProperty("options").EnumerateArray().Select(o =>
            (o.GetProperty("title").GetString()!, o.GetProperty("isCorrect").GetBoolean())));
        Assert.Equal((1, 0L), (made.GetProperty("revision").GetInt32(), made.GetProperty("answers").GetInt64()));
    }

    [Fact]
    public async Task What_is_wrong_with_a_question_is_told_field_by_field()
    {
        using var admin = await cluster.AdminAsync();
        foreach (var (body, fields) in new (object, string[])[]
        {
            (new { }, ["title", "category", "options"]),
            (new { title = new string('x', 301), category = new string('x', 41), explanation = new string('x', 601), options = Options(2) },
                ["title", "category", "explanation"]),
            (new { title = "\u200b \n", category = "a\nb", options = Options(2) }, ["title", "category"]),
            (new { title = "a\0b", category = "c", options = Options(2) }, ["title"]),
            (new { title = "t", category = "c", options = Options(1) }, ["options"]),
            (new { title = "t", category = "c", options = Options(7) }, ["options"]),
            (new { title = "t", category = "c", options = Options(3, right: -1) }, ["options"]),
            (new { title = "t", category = "c", options = new[] { Option("a", true), Option("b", true) } }, ["options"]),
            (new { title = "t", category = "c", options = new[] { Option("a", true), Option("a ", false) } }, ["options[1].title"]),
            (new { title = "t", category = "c", options = new[] { Option("a", true), Option("", false), Option(new string('x', 121), false) } },
                ["options[1].title", "options[2].title"]),
            (new { title = "t", category = "c", options = new object?[] { Option("a", true), null } }, ["options[1].title"]),
        })
        {
            using var response = await admin.Http().PostAsJsonAsync("/api/quiz/questions", body, Stop);
            var problem = await Problem.ReadAsync(response, HttpStatusCode.BadRequest);
            Assert.Equal(fields, problem.Errors!.Keys);
        }
    }

    [Fact]
    public async Task Two_questions_do_not_ask_the_same_unless_one_is_gone()
    {
        using var admin = await cluster.AdminAsync();
        var made = await admin.MakeQuestionAsync(_category, title: $"Who  asks {_category}?");
        var other = await admin.MakeQuestionAsync(_category);
        var same = new { title = $"who ASKS\u200b {_category.ToUpperInvariant()}?", category = "c", options = Options(2), revision = other.Revision };

        using var again = await admin.Http().PostAsJsonAsync("/api/quiz/questions", same, Stop);
        Assert.Equal("duplicate_question", await QuizPerson.CodeAsync(again, HttpStatusCode.Conflict));
        using var changed = await admin.Http().PutAsJsonAsync($"/api/quiz/questions/{other.Id}", same, Stop);
        Assert.Equal("duplicate_question", await QuizPerson.CodeAsync(changed, HttpStatusCode.Conflict));
        (await admin.Http().DeleteAsync($"/api/quiz/questions/{made.Id}", Stop)).EnsureSuccessStatusCode();
        using var free = await admin.Http().PostAsJsonAsync("/api/quiz/questions", same, Stop);
        Assert.Equal(HttpStatusCode.Created, free.StatusCode);
    }

    [Fact]
    public async Task A_change_keeps_the_options_that_it_names_and_starts_from_the_latest_revision()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category, options: 3);
        await ada.AnswerAsync(made, rightly: false);
        var change = new
        {
            title = $"Another title {_category}",
            category = _category,
            explanation = "",
            revision = 1,
            options = new object[] { new { title = "new", isCorrect = true }, new { id = made.Right, title = "was right", isCorrect = false } },
        };

        var changes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => admin.Http(i % 2).PutAsJsonAsync($"/api/quiz/questions/{made.Id}", change, Stop)));
        var changed = await QuizPerson.ReadAsync(Assert.Single(changes, r => r.StatusCode == HttpStatusCode.OK), HttpStatusCode.OK);
        foreach (var refused in changes.Where(r => r.StatusCode != HttpStatusCode.OK))
            Assert.Equal("revision_conflict", await QuizPerson.CodeAsync(refused, HttpStatusCode.Conflict));

        Assert.Equal((2, 1L), (changed.GetProperty("revision").GetInt32(), changed.GetProperty("answers").GetInt64()));
        Assert.Equal(["new", "was right"], changed.GetProperty("options").EnumerateArray().Select(o => o.GetProperty("title").GetString()));
        Assert.Equal(made.Right, changed.GetProperty("options")[1].GetProperty("id").GetString());

        // An option that is gone cannot be chosen any more, and one of another question cannot be taken over.
        await Problem.ReadAsync(await ada.TryAnswerAsync(made.Id, made.Wrong), HttpStatusCode.BadRequest);
        Assert.False((await ada.AnswerAsync(made.Id, made.Right)).GetProperty("isCorrect").GetBoolean());
        var other = await admin.MakeQuestionAsync(_category);
        foreach (var id in new[] { other.Right, made.Wrong, "no id" })
        {
            using var stolen = await admin.Http().PutAsJsonAsync(
                $"/api/quiz/questions/{made.Id}",
                new { title = "t", category = _category, revision = 2, options = new object[] { new { id, title = "a", isCorrect = true }, new { title = "b" } } },
                Stop);
            await Problem.ReadAsync(stolen, HttpStatusCode.BadRequest);
        }

        using var none = await admin.Http().PutAsJsonAsync($"/api/quiz/questions/{made.Id}", change with { revision = 2, title = "" }, Stop);
        Assert.Equal(["title"], (await Problem.ReadAsync(none, HttpStatusCode.BadRequest)).Errors!.Keys);
    }

    [Fact]
    public async Task A_deleted_question_is_not_there_any_more()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        var made = await admin.MakeQuestionAsync(_category);
        var address = $"/api/quiz/questions/{made.Id}";
        Assert.Equal(HttpStatusCode.NoContent, (await admin.Http().DeleteAsync(address, Stop)).StatusCode);

        Assert.Equal("question_not_found", await QuizPerson.CodeAsync(await admin.Http().DeleteAsync(address, Stop), HttpStatusCode.NotFound));
        Assert.Equal("question_not_found", await QuizPerson.CodeAsync(await admin.Http().GetAsync(address, Stop), HttpStatusCode.NotFound));
        using var changed = await admin.Http().PutAsJsonAsync(address, new { title = "t", category = "c", revision = 1, options = Options(2) }, Stop);
        Assert.Equal("question_not_found", await QuizPerson.CodeAsync(changed, HttpStatusCode.NotFound));
        Assert.Equal("no_questions", await QuizPerson.CodeAsync(
            await ada.Http().GetAsync($"/api/trivia?category={Uri.EscapeDataString(_category)}", Stop), HttpStatusCode.NotFound));
        Assert.Equal("question_not_found", await QuizPerson.CodeAsync(await admin.Http().GetAsync("/api/quiz/questions/odd", Stop), HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task The_list_has_pages_and_can_be_searched()
    {
        using var admin = await cluster.AdminAsync();
        for (var i = 0; i < 5; i++)
            await admin.MakeQuestionAsync(_category, title: $"{_category} number {i}");
        var query = $"/api/quiz/questions?category={Uri.EscapeDataString(_category)}&limit=2";

        var titles = new List<string?>();
        var after = "";
        while (true)
        {
            var page = await admin.GetAsync(query + after, titles.Count % 2);
            Assert.Equal(5, page.GetProperty("total").GetInt64());
            titles.AddRange(page.GetProperty("questions").EnumerateArray().Select(q => q.GetProperty("title").GetString()));
            if (!page.GetProperty("hasMore").GetBoolean())
                break;
            after = $"&after={page.GetProperty("questions").EnumerateArray().Last().GetProperty("id").GetString()}";
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"{_category} number {i}"), titles);
        var found = await admin.GetAsync($"/api/quiz/questions?search={Uri.EscapeDataString($"{_category.ToUpperInvariant()} NUMBER 3")}");
        Assert.Equal($"{_category} number 3", Assert.Single(found.GetProperty("questions").EnumerateArray()).GetProperty("title").GetString());
        foreach (var (wrong, field) in new[] { ("limit=0", "limit"), ("limit=101", "limit"), ("after=nothing", "after"), ("search=%00", "search") })
        {
            using var response = await admin.Http().GetAsync($"/api/quiz/questions?{wrong}", Stop);
            Assert.Equal([field], (await Problem.ReadAsync(response, HttpStatusCode.BadRequest)).Errors!.Keys);
        }
    }

    private static object Option(string title, bool isCorrect) => new { title, isCorrect };

    private static object[] Options(int count, int right = 0) => [.. Enumerable.Range(0, count).Select(i => Option($"option {i}", i == right))];
}

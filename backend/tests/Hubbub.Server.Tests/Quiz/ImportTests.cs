using System.Net;
using System.Text;
using System.Text.Json;
using Hubbub.Server.Quiz.Import;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Quiz;

public sealed class ImportTests(QuizCluster cluster) : IClassFixture<QuizCluster>
{
    private readonly string _category = QuizPerson.NewCategory();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_adds_what_is_new_changes_what_is_other_and_leaves_the_rest()
    {
        using var admin = await cluster.AdminAsync();
        var table = Table("one,a,b,1", "two,a,b,2", "three,a,b,1");

        AssertReport(await admin.ImportAsync(table, "?dryRun=true"), isDryRun: true, rows: 3, added: 3);
        Assert.Empty(await TitlesAsync(admin));
        AssertReport(await admin.ImportAsync(table), rows: 3, added: 3);
        var before = await QuestionsAsync(admin);
        AssertReport(await admin.ImportAsync(table), rows: 3, unchanged: 3);
        Assert.Equal(before.Select(q => q.GetRawText()), (await QuestionsAsync(admin)).Select(q => q.GetRawText()));

        var other = Table("one,a,c,1", "two,a,b,2", "four,a,b,1");
        AssertReport(await admin.ImportAsync(other, "?dryRun=true&format=csv"), isDryRun: true, rows: 3, added: 1, updated: 1, unchanged: 1);
        AssertReport(await admin.ImportAsync(other), rows: 3, added: 1, updated: 1, unchanged: 1);

        // The option that stayed is the same one.
        var was = before.Single(q => q.GetProperty("title").GetString()!.EndsWith("one", StringComparison.Ordinal));
        var now = await admin.GetAsync($"/api/quiz/questions/{was.GetProperty("id").GetString()}");
        Assert.Equal(2, now.GetProperty("revision").GetInt32());
        Assert.Equal(was.GetProperty("options")[0].GetRawText(), now.GetProperty("options")[0].GetRawText());
        Assert.NotEqual(was.GetProperty("options")[1].GetProperty("id").GetString(), now.GetProperty("options")[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task One_bad_row_keeps_all_others_out_unless_bad_ones_are_to_be_skipped()
    {
        using var admin = await cluster.AdminAsync();
        var table = Table("fine,a,b,1", "bad,a,b,3", "<script>alert(1)</script>,<b>x</b>,<i>y</i>,2");

        var dry = await admin.ImportAsync(table, "?dryRun=true");
        AssertReport(dry, isDryRun: true, rows: 3, added: 2, errors: 1);
        Assert.Equal((2, "correct"), (dry.GetProperty("errors")[0].GetProperty("row").GetInt32(), dry.GetProperty("errors")[0].GetProperty("field").GetString()));
        AssertReport(await admin.ImportAsync(table), rows: 3, errors: 1);
        Assert.Empty(await TitlesAsync(admin));

        AssertReport(await admin.ImportAsync(table, "?skipInvalid=true"), rows: 3, added: 2, errors: 1);
        Assert.Equal([$"{_category} <script>alert(1)</script>", $"{_category} fine"], await TitlesAsync(admin));
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused()
    {
        using var admin = await cluster.AdminAsync();
        foreach (var (content, query) in new[] { ([], ""), ("nonsense"u8.ToArray(), ""), ([0xC3, 0x28], ""), ("{}"u8.ToArray(), "?format=opentdb") })
            Assert.Equal("unreadable", await QuizPerson.CodeAsync(await admin.TryImportAsync(content, query), HttpStatusCode.BadRequest));

        foreach (var (query, field) in new[] { ("?format=xlsx", "format"), ("?dryRun=maybe", "dryRun"), ("?skipInvalid=1", "skipInvalid") })
            Assert.Equal([field], (await Problem.ReadAsync(await admin.TryImportAsync("x"u8.ToArray(), query), HttpStatusCode.BadRequest)).Errors!.Keys);
    }

    [Fact]
    public async Task A_file_may_have_two_mebibytes_and_no_more()
    {
        using var admin = await cluster.AdminAsync();
        var row = Encoding.UTF8.GetBytes(Table("big,a,b,1"));
        byte[] largest = [.. row, .. Enumerable.Repeat((byte)'\n', ImportFile.MaxBytes - row.Length)];

        AssertReport(await QuizPerson.ReadAsync(await admin.TryImportAsync(largest, "?dryRun=true"), HttpStatusCode.OK), isDryRun: true, rows: 1, added: 1);
        var problem = await Problem.ReadAsync(await admin.TryImportAsync([.. largest, (byte)'\n']), HttpStatusCode.RequestEntityTooLarge);
        Assert.Contains("2048 KiB", problem.Detail, StringComparison.Ordinal);

        // Chunked, so that its length is not known before it has come.
        using var endless = new StreamContent(new MemoryStream(new byte[ImportFile.MaxBytes + 1]));
        endless.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/quiz/import") { Content = endless };
        request.Headers.TransferEncodingChunked = true;
        using var response = await admin.Http().SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task What_is_exported_can_be_imported_and_what_is_owed_to_others_goes_with_it()
    {
        using var admin = await cluster.AdminAsync();
        using var ada = await cluster.NewPersonAsync();
        await admin.ImportAsync(Table("own,a,b,1"));
        await admin.ImportAsync(JsonSerializer.Serialize(new
        {
            response_code = 0,
            results = new[]
            {
                new { type = "boolean", category = _category, question = $"{_category} &quot;theirs&quot; &eacute;", correct_answer = "True", incorrect_answers = new[] { "False" } },
            },
        }));
        var theirs = (await QuestionsAsync(admin))[0];
        Assert.Equal($"{_category} \"theirs\" é", theirs.GetProperty("title").GetString());
        Assert.StartsWith("Open Trivia Database", theirs.GetProperty("attribution").GetString(), StringComparison.Ordinal);

        using var response = await admin.Http().GetAsync($"/api/quiz/export?category={Uri.EscapeDataString(_category)}", Stop);
        Assert.Equal(("attachment", "hubbub-quiz.json"), (response.Content.Headers.ContentDisposition?.DispositionType, response.Content.Headers.ContentDisposition?.FileName));
        var text = await response.Content.ReadAsStringAsync(Stop);
        var pack = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(("hubbub-quiz", 1), (pack.GetProperty("format").GetString(), pack.GetProperty("version").GetInt32()));
        var exported = pack.GetProperty("questions").EnumerateArray().ToList();
        Assert.Equal("CC BY-SA 4.0", exported[0].GetProperty("license").GetString());
        Assert.False(exported[1].TryGetProperty("license", out _));

        AssertReport(await admin.ImportAsync(text), rows: 2, unchanged: 2, format: "json");

        // A table cannot say whose a question is; that is not forgotten.
        AssertReport(
            await admin.ImportAsync($"title,category,option1,option2,correct\n\"{_category} \"\"theirs\"\" é\",{_category},True,Never,1"), rows: 1, updated: 1);
        Assert.Equal(theirs.GetProperty("attribution").GetString(), (await QuestionsAsync(admin))[0].GetProperty("attribution").GetString());

        // One that is all theirs says so once.
        await admin.Http().DeleteAsync($"/api/quiz/questions/{(await QuestionsAsync(admin))[1].GetProperty("id").GetString()}", Stop);
        var rest = await admin.GetAsync($"/api/quiz/export?category={Uri.EscapeDataString(_category)}");
        Assert.Equal("CC BY-SA 4.0", rest.GetProperty("license").GetString());
        Assert.StartsWith("Open Trivia Database", rest.GetProperty("attribution").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Open Trivia Database", (await ada.NextAsync(_category)).GetProperty("attribution").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_come_at_once_on_two_replicas_make_each_question_once()
    {
        using var admin = await cluster.AdminAsync();
        var table = Encoding.UTF8.GetBytes(Table([.. Enumerable.Range(100, 200).Select(i => $"question {i},a,b,1")]));
        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var body = new ByteArrayContent(table);
            return await QuizPerson.ReadAsync(await admin.Http(i % 2).PostAsync("/api/quiz/import", body, Stop), HttpStatusCode.OK);
        }));

        Assert.Equal(200, reports.Sum(r => r.GetProperty("added").GetInt32()));
        Assert.Equal(600, reports.Sum(r => r.GetProperty("unchanged").GetInt32()));
    }

    private static void AssertReport(
        JsonElement report, bool isDryRun = false, int rows = 0, int added = 0, int updated = 0, int unchanged = 0, int errors = 0, string format = "csv")
    {
        Assert.Equal(
            ["dryRun", "format", "rows", "added", "updated", "unchanged", "errors", "moreErrors"], report.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            (isDryRun, format, rows, added, updated, unchanged, errors, 0),
            (report.GetProperty("dryRun").GetBoolean(),
                report.GetProperty("format").GetString(),
                report.GetProperty("rows").GetInt32(),
                report.GetProperty("added").GetInt32(),
                report.GetProperty("updated").GetInt32(),
                report.GetProperty("unchanged").GetInt32(),
                report.GetProperty("errors").GetArrayLength(),
                report.GetProperty("moreErrors").GetInt32()));
    }

    // Rows of: title, two options, the number of the right one.
    private string Table(params string[] rows) =>
        $"title,option1,option2,correct,category\n{string.Concat(rows.Select(r => $"{_category} {r},{_category}\n"))}";

    private async Task<List<JsonElement>> QuestionsAsync(QuizPerson admin) =>
        [.. (await admin.GetAsync($"/api/quiz/questions?category={Uri.EscapeDataString(_category)}")).GetProperty("questions").EnumerateArray()];

    private async Task<IEnumerable<string?>> TitlesAsync(QuizPerson admin) =>
        (await QuestionsAsync(admin)).Select(q => q.GetProperty("title").GetString());
}

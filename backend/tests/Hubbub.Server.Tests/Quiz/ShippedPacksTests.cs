using Hubbub.Server.Quiz;
using Hubbub.Server.Quiz.Import;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Quiz;

public sealed class ShippedPacksTests
{
    // What is there at least, over all packs. To be raised with what they hold.
    private const int MinQuestions = 60;
    private const int MinCategories = 5;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_shipped_pack_keeps_all_rules_and_no_question_is_in_two()
    {
        var packs = ShippedPacks.ReadAll();
        Assert.NotEmpty(packs);
        var questions = new List<QuestionDraft>();
        foreach (var (name, content) in packs)
        {
            Assert.True(ImportFile.Read(content, PackFormat.Name).Succeeded(out var file, out var error), $"{name}: {error?.Sentence}");
            Assert.True(file!.Rows.Errors.Count == 0, $"{name}: {string.Join(", ", file.Rows.Errors)}");
            Assert.All(file.Rows.Questions, q => Assert.False(string.IsNullOrEmpty(q.Explanation), $"{name}: {q.Title} has no explanation"));
            questions.AddRange(file.Rows.Questions);
        }

        Assert.Equal(questions.Count, questions.DistinctBy(q => q.TitleKey).Count());
        Assert.True(questions.Count >= MinQuestions, $"{questions.Count} questions");
        Assert.True(questions.DistinctBy(q => q.Category).Count() >= MinCategories);
    }

    [Fact]
    public async Task They_come_once_and_what_became_of_them_stays()
    {
        await using var cluster = await QuizCluster.StartAsync(new Settings { ["Quiz:ShippedPacks"] = "true" });
        using var admin = await QuizCluster.AdminAsync([cluster[0], cluster[1]]);
        var expected = ShippedPacks.ReadAll().Sum(p => ImportFile.Read(p.Content, PackFormat.Name).Succeeded(out var file, out _) ? file.Rows.Count : 0);
        var before = await admin.GetAsync("/api/quiz/questions?limit=100");
        Assert.Equal(expected, before.GetProperty("total").GetInt32());
        (await admin.Http().DeleteAsync($"/api/quiz/questions/{before.GetProperty("questions")[0].GetProperty("id").GetString()}", Stop)).EnsureSuccessStatusCode();

        await cluster.AddReplicaAsync();

        Assert.Equal(expected - 1, (await admin.GetAsync("/api/quiz/questions")).GetProperty("total").GetInt32());
    }
}

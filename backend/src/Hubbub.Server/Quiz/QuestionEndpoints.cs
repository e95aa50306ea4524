using System.Globalization;
using System.Text.Json;
using Hubbub.Server.Accounts;
using Hubbub.Server.Platform;
using Hubbub.Server.Quiz.Import;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Hubbub.Server.Quiz;

/// <summary>What administrators do with questions: <c>/api/quiz</c>.</summary>
internal static class QuestionEndpoints
{
    private const int DefaultQuestions = 50;
    private const int MaxQuestions = 100;

    /// <summary>Maps it.</summary>
    public static void MapQuestions(this IEndpointRouteBuilder app)
    {
        var quiz = app.MapApi("/api/quiz", "Quiz").RequireSignIn(Policies.Admin);
        quiz.MapGet("/questions", List)
            .Describe("ListQuestions", "The questions by category and title.")
            .WithQuery("search", "A part of the title, without regard to case.")
            .WithQuery(QuizEndpoints.CategoryParameter, "Only questions of this category.")
            .WithNumber("limit", "The most questions to return.", 1, MaxQuestions, DefaultQuestions)
            .WithQuery("after", "The id of the last question of the page before.");
        quiz.MapPost("/questions", Add).TakesJson().Describe("AddQuestion", "Adds a question.", StatusCodes.Status409Conflict);
        quiz.MapGet("/questions/{id}", Find).Describe("FindQuestion", "A question with its answers.", StatusCodes.Status404NotFound);
        quiz.MapPut("/questions/{id}", Change).TakesJson().Describe(
            "ChangeQuestion",
            "Changes a question, if its revision is still the one that the change started from.",
            StatusCodes.Status404NotFound,
            StatusCodes.Status409Conflict);
        quiz.MapDelete("/questions/{id}", Retire).Describe("RetireQuestion", "Asks a question no more.", StatusCodes.Status404NotFound);
        quiz.MapPost("/import", Import).WithMetadata(new RequestSizeLimitAttribute(ImportFile.MaxBytes)).TakesFile()
            .Describe("ImportQuestions", "Adds or updates the questions of a file.", StatusCodes.Status409Conflict)
            .WithQuery("format", $"{string.Join(", ", ImportFile.Formats)}; without it the file is recognised.")
            .WithFlag("dryRun", "Say what would be done, and store nothing.")
            .WithFlag("skipInvalid", "Take the rows that are right although others are not.");
        quiz.MapGet("/export", Export)
            .Describe("ExportQuestions", "All questions as a pack, as an attachment.")
            .Produces<Pack>()
            .WithQuery(QuizEndpoints.CategoryParameter, "Only questions of this category.");
    }

    private static async Task<Results<Ok<QuestionPage>, ValidationProblem>> List(
        QuestionBank bank,
        CancellationToken cancellationToken,
        string? search = null,
        string? category = null,
        string? limit = null,
        string? after = null)
    {
        var fields = new FieldErrors();
        var only = QuizEndpoints.Category(category, fields);
        if (!QuizText.TryClean(search, 0, QuestionRules.MaxTitle, isOneLine: true, out var text, out var complaint))
            fields.Add("search", complaint);
        var count = DefaultQuestions;
        if (limit is not null
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MaxQuestions))
        {
            fields.Add("limit", string.Create(CultureInfo.InvariantCulture, $"limit is a number from 1 to {MaxQuestions}."));
        }

        if (fields.Any)
            return fields.ToProblem();

        if (await bank.ListAsync(only, text, after is null ? null : QuizEndpoints.Id(after), count, cancellationToken) is { } page)
            return TypedResults.Ok(page);
        fields.Add("after", QuizError.QuestionNotFound.Sentence);
        return fields.ToProblem();
    }

    private static async Task<Results<Created<Question>, ValidationProblem, ProblemHttpResult>> Add(
        QuestionBody question, QuestionBank bank, CancellationToken cancellationToken)
    {
        var fields = new FieldErrors();
        if (QuestionRules.Check(question, QuestionRules.BodyFields, fields.Add) is not { } draft)
            return fields.ToProblem();

        return (await bank.AddAsync(draft, cancellationToken)).Succeeded(out var added, out var error)
            ? TypedResults.Created($"/api/quiz/questions/{added.Id}", added)
            : error.ToProblem();
    }

    private static async Task<Results<Ok<Question>, ProblemHttpResult>> Find(string id, QuestionBank bank, CancellationToken cancellationToken) =>
        (await bank.FindAsync(QuizEndpoints.Id(id), cancellationToken)).Succeeded(out var question, out var error)
            ? TypedResults.Ok(question)
            : error.ToProblem();

    private static async Task<Results<Ok<Question>, ValidationProblem, ProblemHttpResult>> Change(
        string id, QuestionBody question, QuestionBank bank, CancellationToken cancellationToken)
    {
        var fields = new FieldErrors();
        var draft = QuestionRules.Check(question, QuestionRules.BodyFields, fields.Add);
        if (question.Revision is null)
            fields.Add("revision", "Say which revision this change started from.");
        if (fields.Any)
            return fields.ToProblem();

        if ((await bank.ChangeAsync(QuizEndpoints.Id(id), question.Revision!.Value, draft!, cancellationToken)).Succeeded(out var changed, out var error))
            return TypedResults.Ok(changed);
        if (error != QuizError.OptionNotFound)
            return error.ToProblem();

        fields.Add("options", error.Sentence);
        return fields.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Retire(string id, QuestionBank bank, CancellationToken cancellationToken) =>
        await bank.RetireAsync(QuizEndpoints.Id(id), cancellationToken) is { } error ? error.ToProblem() : TypedResults.NoContent();

    private static async Task<Results<Ok<ImportReport>, ValidationProblem, ProblemHttpResult>> Import(
        HttpRequest request,
        QuestionBank bank,
        CancellationToken cancellationToken,
        string? format = null,
        string? dryRun = null,
        string? skipInvalid = null)
    {
        var fields = new FieldErrors();
        if (format is not null && !ImportFile.Formats.Contains(format, StringComparer.Ordinal))
            fields.Add("format", $"format is {string.Join(" or ", ImportFile.Formats)}.");
        var isDryRun = Flag("dryRun", dryRun, fields);
        var skipsInvalid = Flag("skipInvalid", skipInvalid, fields);
        if (fields.Any)
            return fields.ToProblem();

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        if (!ImportFile.Read(body.GetBuffer().AsMemory(0, (int)body.Length), format).Succeeded(out var file, out var unreadable))
            return unreadable.ToProblem();

        // A dry run tells what the rows that are fine would do; without it, one bad row keeps all the others out, unless that is wanted.
        var rows = file.Rows;
        var isRefused = !isDryRun && !skipsInvalid && rows.Errors.Count > 0;
        var merged = isRefused ? new MergeCounts(0, 0, 0) : await bank.MergeAsync(rows.Questions, isDryRun, cancellationToken);
        return merged.Succeeded(out var counts, out var error)
            ? TypedResults.Ok(new ImportReport(
                isDryRun, file.Format, rows.Count, counts.Added, counts.Updated, counts.Unchanged, rows.Errors, rows.MoreErrors))
            : error.ToProblem();
    }

    private static async Task<Results<FileContentHttpResult, ValidationProblem>> Export(
        QuestionBank bank, CancellationToken cancellationToken, string? category = null)
    {
        var fields = new FieldErrors();
        var only = QuizEndpoints.Category(category, fields);
        if (fields.Any)
            return fields.ToProblem();

        var pack = PackFormat.Write(only ?? "Hubbub quiz", await bank.AllAsync(only, cancellationToken));
        return TypedResults.Bytes(JsonSerializer.SerializeToUtf8Bytes(pack, PackFormat.Json), "application/json", "hubbub-quiz.json");
    }

    private static bool Flag(string name, string? text, FieldErrors fields)
    {
        if (text is null or "false")
            return false;
        if (text is not "true")
            fields.Add(name, $"{name} is true or false.");
        return true;
    }
}

/// <summary>The answer of <c>POST /api/quiz/import</c>.</summary>
/// <param name="DryRun">Nothing was stored; the counts tell what would have been.</param>
/// <param name="Format">The file's.</param>
/// <param name="Rows">Questions in the file.</param>
/// <param name="Added">New ones.</param>
/// <param name="Updated">Those whose title was there with other texts or options.</param>
/// <param name="Unchanged">Those that were there just so.</param>
/// <param name="Errors">What is wrong, row by row; the first 100.</param>
/// <param name="MoreErrors">How many more.</param>
internal sealed record ImportReport(
    bool DryRun, string Format, int Rows, int Added, int Updated, int Unchanged, IReadOnlyList<ImportError> Errors, int MoreErrors);

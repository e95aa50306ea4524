using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hubbub.Server.Quiz.Import;

/// <summary>Hubbub's own format, JSON: see <c>docs/quiz.md</c>.</summary>
internal static class PackFormat
{
    public const string Name = "json";

    private const string Kind = "hubbub-quiz";
    private const int Version = 1;

    private static readonly FieldNames Fields = new(i => string.Create(CultureInfo.InvariantCulture, $"options[{i}]"), "correct");

    /// <summary>How a pack is written: to be read and edited by people, too.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // It is only ever a file of its own, never part of a page.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a pack.</summary>
    /// <returns>Why it cannot be read, or null.</returns>
    public static QuizError? Read(JsonElement root, ImportRows rows)
    {
        var complaint = "";
        var kind = root.Text("format", Complain);
        if (kind != Kind || complaint.Length > 0)
            return QuizError.Unreadable($"This is not a pack of Hubbub: its format is not \"{Kind}\".");
        if (!root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number))
            return QuizError.Unreadable("The pack does not say its version.");
        if (number != Version)
            return QuizError.Unreadable(string.Create(CultureInfo.InvariantCulture, $"The pack has version {number}; this server reads version {Version}."));
        if (!root.TryGetList("questions", out var questions))
            return QuizError.Unreadable("The pack has no list of questions.");
        if (questions.Count > ImportRows.Max)
            return ImportRows.TooMany;

        var license = root.Text("license", Complain);
        var attribution = root.Text("attribution", Complain);
        if (complaint.Length > 0)
            return QuizError.Unreadable(complaint);
        foreach (var question in questions)
            rows.Add(ReadQuestion(question, license, attribution));
        return null;

        void Complain(string field, string sentence) => complaint = $"{field}: {sentence}";
    }

    /// <summary>Makes a pack. What all questions owe to the same people stands once, at the top.</summary>
    public static Pack Write(string title, IReadOnlyList<Question> questions)
    {
        var isOwedTogether = questions.Select(q => (q.License, q.Attribution)).Distinct().Count() == 1;
        return new Pack(
            Kind,
            Version,
            title,
            isOwedTogether ? Text(questions[0].License) : null,
            isOwedTogether ? Text(questions[0].Attribution) : null,
            [.. questions.Select(q => new PackQuestion(
                q.Title,
                q.Category,
                q.Explanation,
                [.. q.Options.Select(o => o.Title)],
                q.Options.Select((option, place) => (option, place)).First(o => o.option.IsCorrect).place,
                isOwedTogether ? null : Text(q.License),
                isOwedTogether ? null : Text(q.Attribution)))]);

        static string? Text(string text) => text.Length > 0 ? text : null;
    }

    private static ImportRow ReadQuestion(JsonElement question, string? license, string? attribution)
    {
        var complaints = new List<(string Field, string Sentence)>();
        if (question.ValueKind != JsonValueKind.Object)
            return ImportRow.NotAQuestion;

        var correct = Correct(question);
        var options = question.TryGetList("options", out var list) ? list : [];
        if (correct is null || correct < 0 || correct >= options.Count)
            complaints.Add(("correct", "This has to be one number: the place of the right option, from 0."));
        return new ImportRow(
            new QuestionBody(
                question.Text("title", Complain),
                question.Text("category", Complain),
                question.Text("explanation", Complain),
                [.. options.Take(QuestionRules.MaxOptions + 1).Select((o, i) => new OptionBody(o.AsText(Fields.Option(i), Complain), i == correct))]),
            Fields)
        {
            Complaints = complaints,
            License = question.Text("license", Complain) ?? license,
            Attribution = question.Text("attribution", Complain) ?? attribution,
        };

        void Complain(string field, string sentence) => complaints.Add((field, sentence));
    }

    private static int? Correct(JsonElement question) =>
        question.TryGetProperty("correct", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var place) ? place : null;
}

/// <summary>A pack as it is written.</summary>
internal sealed record Pack(
    string Format, int Version, string Title, string? License, string? Attribution, IReadOnlyList<PackQuestion> Questions);

/// <summary>A question of a pack. License and attribution win over the pack's.</summary>
internal sealed record PackQuestion(
    string Title, string Category, string Explanation, IReadOnlyList<string> Options, int Correct, string? License, string? Attribution);

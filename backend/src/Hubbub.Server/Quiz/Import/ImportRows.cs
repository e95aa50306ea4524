using System.Globalization;

namespace Hubbub.Server.Quiz.Import;

/// <summary>What was read of a file so far: the questions that keep the rules, and what is wrong with the others, row by row.</summary>
internal sealed class ImportRows
{
    /// <summary>The most rows of a file.</summary>
    public const int Max = 5000;

    /// <summary>The most errors that are listed.</summary>
    public const int MaxErrors = 100;

    private const int MaxLicense = 100;
    private const int MaxAttribution = 300;

    private readonly List<QuestionDraft> _questions = [];
    private readonly List<ImportError> _errors = [];
    private readonly Dictionary<string, int> _titles = new(StringComparer.Ordinal);

    /// <summary>The rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>The rows that are fine, no two with the same title.</summary>
    public IReadOnlyList<QuestionDraft> Questions => _questions;

    /// <summary>The first of the errors.</summary>
    public IReadOnlyList<ImportError> Errors => _errors;

    /// <summary>How many there are beyond those.</summary>
    public int MoreErrors { get; private set; }

    /// <summary>Why a file cannot be read that has more rows than <see cref="Max"/>.</summary>
    public static QuizError TooMany { get; } = QuizError.Unreadable(
        string.Create(CultureInfo.InvariantCulture, $"The file has more than {Max:N0} questions. Import it in parts."));

    /// <summary>Takes a row.</summary>
    /// <param name="row">What was found in it.</param>
    public void Add(ImportRow row)
    {
        Count++;
        var isFine = row.Complaints.Count == 0;
        foreach (var (field, sentence) in row.Complaints)
            Complain(field, sentence);

        // What is wrong with the row as a whole makes its fields meaningless.
        if (row.Complaints.Exists(c => c.Field.Length == 0))
            return;

        var draft = QuestionRules.Check(row.Question, row.Fields, (field, sentence) =>
        {
            // What could not be read at all has been said already.
            if (!row.Complaints.Exists(c => c.Field == field))
                Complain(field, sentence);
        });
        var license = Clean("license", row.License, MaxLicense);
        var attribution = Clean("attribution", row.Attribution, MaxAttribution);
        if (!isFine || draft is null)
            return;

        if (!_titles.TryAdd(draft.TitleKey, Count))
            Complain("title", string.Create(CultureInfo.InvariantCulture, $"Row {_titles[draft.TitleKey]} asks the same."));
        else
            _questions.Add(draft with { License = license, Attribution = attribution });

        string Clean(string field, string? raw, int max)
        {
            if (QuizText.TryClean(raw, 0, max, isOneLine: true, out var text, out var complaint))
                return text;
            isFine = false;
            Complain(field, complaint);
            return text;
        }
    }

    private void Complain(string field, string sentence)
    {
        if (_errors.Count < MaxErrors)
            _errors.Add(new ImportError(Count, field, sentence));
        else
            MoreErrors++;
    }
}

/// <summary>A row as a format has read it, not checked yet.</summary>
/// <param name="Question">The question.</param>
/// <param name="Fields">How the format calls the fields.</param>
internal sealed record ImportRow(QuestionBody Question, FieldNames Fields)
{
    /// <summary>A row that is something else.</summary>
    public static ImportRow NotAQuestion { get; } = new(new QuestionBody(null, null, null, null), QuestionRules.BodyFields)
    {
        Complaints = [("", "This is not a question.")],
    };

    /// <summary>What could not be read; an empty field is the row as a whole.</summary>
    public List<(string Field, string Sentence)> Complaints { get; init; } = [];

    public string? License { get; init; }

    public string? Attribution { get; init; }
}

/// <summary>What is wrong in a file.</summary>
/// <param name="Row">From 1; a CSV file's header is not counted.</param>
/// <param name="Field">Where in the row; empty for all of it.</param>
/// <param name="Message">A sentence.</param>
internal sealed record ImportError(int Row, string Field, string Message);

using System.Globalization;
using CsvHelper;

namespace Hubbub.Server.Quiz.Import;

/// <summary>A table with a header, separated by commas, semicolons or tabs: see <c>docs/quiz.md</c>.</summary>
internal static class CsvFormat
{
    public const string Name = "csv";

    private static readonly string[] Required = ["title", "category", "option1", "option2", "correct"];
    private static readonly string[] Others = ["explanation", "option3", "option4", "option5", "option6"];

    /// <summary>Reads a table.</summary>
    /// <returns>Why it cannot be read, or null.</returns>
    public static QuizError? Read(string text, ImportRows rows)
    {
        CsvMalformedReason? malformed = null;
        using var reader = CsvReader.Create(new StringReader(text), new CsvReaderOptions
        {
            HasHeader = false,
            Separator = SeparatorOf(text),
            OnMalformedRecord = record => malformed = record.Reason,
        });
        if (!reader.Read())
            return QuizError.Unreadable("The file is empty.");
        var columns = reader.Current.ToArray().Select(c => c.Trim().ToLowerInvariant()).ToList();
        if (Misfit(columns) is { } misfit)
            return QuizError.Unreadable(misfit);

        while (ReadNext())
        {
            var cells = reader.Current.ToArray();

            // A spreadsheet writes the empty rows below the last one, too.
            if (cells.All(string.IsNullOrWhiteSpace))
                continue;
            if (rows.Count == ImportRows.Max)
                return ImportRows.TooMany;
            rows.Add(ReadRow(columns, cells, malformed));
        }

        return null;

        bool ReadNext()
        {
            malformed = null;
            return reader.Read();
        }
    }

    // None of them can be part of a column's name.
    private static char SeparatorOf(string text)
    {
        var header = text.AsSpan();
        if (header.IndexOfAny('\r', '\n') is >= 0 and var end)
            header = header[..end];
        var (comma, semicolon, tab) = (header.Count(','), header.Count(';'), header.Count('\t'));
        return semicolon > comma && semicolon >= tab ? ';' : tab > comma ? '\t' : ',';
    }

    private static string? Misfit(List<string> columns)
    {
        var missing = Required.Except(columns).ToList();
        if (missing.Count > 0)
            return $"The first line has to name the columns; missing: {string.Join(", ", missing)}.";
        var unknown = columns.Except([.. Required, .. Others]).ToList();
        if (unknown.Count > 0)
            return $"There are columns that are not known here: {string.Join(", ", unknown.Take(5).Select(Short))}. Known are: {string.Join(", ", Required.Concat(Others))}.";
        return columns.Count != columns.Distinct().Count() ? "A column is there twice." : null;
    }

    // Whatever stands in the first line of a file that is no such table at all.
    private static string Short(string name) => name.Length <= 30 ? $"\"{name}\"" : $"\"{name[..30]}…\"";

    private static ImportRow ReadRow(List<string> columns, string[] cells, CsvMalformedReason? malformed)
    {
        var complaints = new List<(string Field, string Sentence)>();
        if (malformed == CsvMalformedReason.UnterminatedQuote)
            complaints.Add(("", "A quotation mark is not closed, and all that follows became part of this row."));
        else if (malformed == CsvMalformedReason.TextAfterClosingQuote)
            complaints.Add(("", "There is text behind a closing quotation mark. One that belongs to the text is written twice."));
        else if (cells.Length > columns.Count)
            complaints.Add(("", string.Create(CultureInfo.InvariantCulture, $"The row has {cells.Length} cells; there are {columns.Count} columns.")));

        var correct = Cell("correct").Trim();
        var options = Enumerable.Range(1, QuestionRules.MaxOptions)
            .Select(number => (Number: number, Text: Cell(Option(number))))
            .Where(o => !string.IsNullOrWhiteSpace(o.Text))
            .ToList();
        if (complaints.Count == 0 && !options.Exists(o => Digits(o.Number) == correct))
            complaints.Add(("correct", "This has to be one number: that of the right option, from 1."));
        return new ImportRow(
            new QuestionBody(
                Cell("title"), Cell("category"), Cell("explanation"), [.. options.Select(o => new OptionBody(o.Text, Digits(o.Number) == correct))]),
            new FieldNames(i => Option(options[i].Number), "correct"))
        {
            Complaints = complaints,
        };

        string Cell(string column) => columns.IndexOf(column) is >= 0 and var place && place < cells.Length ? cells[place] : "";
    }

    private static string Option(int number) => $"option{Digits(number)}";

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}

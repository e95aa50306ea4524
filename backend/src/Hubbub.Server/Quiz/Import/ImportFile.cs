using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hubbub.Server.Quiz.Import;

/// <summary>A file of questions, read in one of three formats.</summary>
/// <param name="Format"><c>json</c>, <c>csv</c> or <c>opentdb</c>.</param>
/// <param name="Rows">What is in it.</param>
internal sealed record ImportFile(string Format, ImportRows Rows)
{
    /// <summary>The largest file.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    private const int MaxDepth = 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The formats by name.</summary>
    public static IReadOnlyList<string> Formats { get; } = [PackFormat.Name, CsvFormat.Name, OpenTriviaFormat.Name];

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">UTF-8, with a byte order mark or without.</param>
    /// <param name="format">One of <see cref="Formats"/>; null to recognise it.</param>
    /// <returns>Or why nothing of it can be read.</returns>
    public static QuizResult<ImportFile> Read(ReadOnlyMemory<byte> bytes, string? format)
    {
        if (!Decode(bytes).Succeeded(out var text, out var unreadable))
            return unreadable;
        if (string.IsNullOrWhiteSpace(text))
            return QuizError.Unreadable("The file is empty.");

        var rows = new ImportRows();
        format ??= text.AsSpan().TrimStart()[0] is '{' or '[' ? null : CsvFormat.Name;
        unreadable = format == CsvFormat.Name ? CsvFormat.Read(text, rows) : ReadJson(text, ref format, rows);
        if (unreadable is not null)
            return unreadable;
        return rows.Count == 0 ? QuizError.Unreadable("There are no questions in the file.") : new ImportFile(format!, rows);
    }

    private static QuizResult<string> Decode(ReadOnlyMemory<byte> bytes)
    {
        var content = bytes.Span;
        if (content.StartsWith([(byte)0xFF, (byte)0xFE]) || content.StartsWith([(byte)0xFE, (byte)0xFF]))
            return QuizError.Unreadable("The file is UTF-16. Save it as UTF-8.");
        if (content.StartsWith(Encoding.UTF8.Preamble))
            content = content[Encoding.UTF8.Preamble.Length..];
        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException e)
        {
            var place = Math.Clamp(e.Index, 0, content.Length);
            var line = content[..place].Count((byte)'\n') + 1;
            var column = place - (content[..place].LastIndexOf((byte)'\n') + 1) + 1;
            return QuizError.Unreadable(string.Create(
                CultureInfo.InvariantCulture, $"The file is not UTF-8: line {line}, byte {column} is not text. Save it as UTF-8."));
        }
    }

    private static QuizError? ReadJson(string text, ref string? format, ImportRows rows)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return QuizError.Unreadable("The file is JSON, but neither a pack of Hubbub nor a list from Open Trivia DB.");

            format ??= OpenTriviaFormat.Looks(root) ? OpenTriviaFormat.Name : PackFormat.Name;
            return format == OpenTriviaFormat.Name ? OpenTriviaFormat.Read(root, rows) : PackFormat.Read(root, rows);
        }
        catch (JsonException e)
        {
            return QuizError.Unreadable(e.LineNumber is { } line
                ? string.Create(CultureInfo.InvariantCulture, $"The file is not valid JSON: line {line + 1}, byte {e.BytePositionInLine + 1}.")
                : "The file is not valid JSON: a name is there twice in one object, or it is nested too deeply.");
        }
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Hubbub.Server.Quiz.Import;

/// <summary>What <c>https://opentdb.com/api.php</c> answers, in each of its encodings.</summary>
internal static class OpenTriviaFormat
{
    public const string Name = "opentdb";
    public const string License = "CC BY-SA 4.0";
    public const string Attribution = "Open Trivia Database (https://opentdb.com)";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly FieldNames Fields = new(
        i => i == 0 ? "correct_answer" : string.Create(CultureInfo.InvariantCulture, $"incorrect_answers[{i - 1}]"), "correct_answer");

    private enum Encodings
    {
        Html,
        Url,
        Base64,
    }

    /// <summary>Whether a file seems to be one.</summary>
    public static bool Looks(JsonElement root) => root.TryGetProperty("response_code", out _) || root.TryGetProperty("results", out _);

    /// <summary>Reads a list of questions.</summary>
    /// <returns>Why it cannot be read, or null.</returns>
    public static QuizError? Read(JsonElement root, ImportRows rows)
    {
        if (!root.TryGetProperty("response_code", out var code) || code.ValueKind != JsonValueKind.Number || !code.TryGetInt32(out var response))
            return QuizError.Unreadable("This is not a list from Open Trivia DB: it has no response_code.");
        if (response != 0)
            return QuizError.Unreadable(Explain(response));
        if (!root.TryGetList("results", out var results))
            return QuizError.Unreadable("The list from Open Trivia DB has no results.");
        if (results.Count > ImportRows.Max)
            return ImportRows.TooMany;

        var encoding = EncodingOf(results);
        foreach (var result in results)
            rows.Add(ReadQuestion(result, encoding));
        return null;
    }

    private static string Explain(int response) => response switch
    {
        1 => "Open Trivia DB had not enough questions for what was asked (response_code 1).",
        2 => "Open Trivia DB did not understand what was asked (response_code 2).",
        3 => "Open Trivia DB does not know the session token (response_code 3).",
        4 => "Open Trivia DB has no more questions for the session token (response_code 4).",
        5 => "Open Trivia DB was asked too often (response_code 5). Wait five seconds and ask again.",
        _ => string.Create(CultureInfo.InvariantCulture, $"Open Trivia DB answered with response_code {response}: there are no questions in it."),
    };

    private static ImportRow ReadQuestion(JsonElement result, Encodings encoding)
    {
        var complaints = new List<(string Field, string Sentence)>();
        if (result.ValueKind != JsonValueKind.Object)
            return ImportRow.NotAQuestion;

        var isList = result.TryGetList("incorrect_answers", out var wrong);
        if (!isList)
            complaints.Add(("incorrect_answers", "This has to be a list."));
        List<OptionBody> options = [new(Decode("correct_answer", result.Text("correct_answer", Complain)), IsCorrect: true)];
        options.AddRange((wrong ?? []).Take(QuestionRules.MaxOptions).Select((answer, i) =>
            new OptionBody(Decode(Fields.Option(i + 1), answer.AsText(Fields.Option(i + 1), Complain)), IsCorrect: false)));
        return new ImportRow(
            new QuestionBody(
                Decode("question", result.Text("question", Complain)), Decode("category", result.Text("category", Complain)), Explanation: null, options),
            Fields)
        {
            Complaints = complaints,
            License = License,
            Attribution = Attribution,
        };

        string? Decode(string field, string? text)
        {
            switch (encoding)
            {
                case Encodings.Html:
                    return WebUtility.HtmlDecode(text);
                case Encodings.Url:
                    return WebUtility.UrlDecode(text);
                default:
                    try
                    {
                        return text is null ? null : Strict.GetString(Convert.FromBase64String(text));
                    }
                    catch (Exception e) when (e is FormatException or DecoderFallbackException)
                    {
                        Complain(field, "This is not base64 of a text, as the others are.");
                        return null;
                    }
            }
        }

        void Complain(string field, string sentence) => complaints.Add((field, sentence));
    }

    // The file does not say it. In base64 even the type is; in the two forms for addresses no text has a space, and each per cent sign
    // belongs to two hexadecimal digits. The default is HTML.
    private static Encodings EncodingOf(IReadOnlyList<JsonElement> results)
    {
        var texts = results.SelectMany(Texts).Where(t => t.Length > 0).ToList();
        var types = results.Select(r => TextOf(r, "type")).Where(t => t.Length > 0).ToList();
        if (types.Count > 0 && types.TrueForAll(t => Base64.IsValid(t) && t is not ("multiple" or "boolean")) && texts.TrueForAll(t => Base64.IsValid(t)))
            return Encodings.Base64;
        return texts.Exists(t => t.Contains('%', StringComparison.Ordinal)) && texts.TrueForAll(IsForAddresses) ? Encodings.Url : Encodings.Html;
    }

    private static IEnumerable<string> Texts(JsonElement result)
    {
        foreach (var name in new[] { "category", "question", "correct_answer" })
            yield return TextOf(result, name);
        if (result.ValueKind != JsonValueKind.Object || !result.TryGetList("incorrect_answers", out var wrong))
            yield break;
        foreach (var answer in wrong)
            yield return answer.AsText("", static (_, _) => { }) ?? "";
    }

    private static string TextOf(JsonElement result, string name) =>
        result.ValueKind == JsonValueKind.Object ? result.Text(name, static (_, _) => { }) ?? "" : "";

    private static bool IsForAddresses(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is ' ' or '&' or ';')
                return false;
            if (text[i] == '%' && (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])))
                return false;
        }

        return true;
    }
}

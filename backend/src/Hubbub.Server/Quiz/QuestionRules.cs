using System.Globalization;

namespace Hubbub.Server.Quiz;

/// <summary>What makes a question, wherever it comes from.</summary>
internal static class QuestionRules
{
    public const int MaxTitle = 300;
    public const int MaxOption = 120;
    public const int MaxExplanation = 600;
    public const int MaxCategory = 40;
    public const int MinOptions = 2;
    public const int MaxOptions = 6;

    /// <summary>The names of fields as a request's body has them.</summary>
    public static FieldNames BodyFields { get; } = new(i => string.Create(CultureInfo.InvariantCulture, $"options[{i}].title"), "options");

    /// <summary>The question, or null if something was complained about.</summary>
    /// <param name="body">As it came.</param>
    /// <param name="fields">How the source calls what is wrong.</param>
    /// <param name="complain">Is told field and sentence.</param>
    public static QuestionDraft? Check(QuestionBody body, FieldNames fields, Action<string, string> complain)
    {
        var isFine = true;
        var title = Clean("title", body.Title, 1, MaxTitle, isOneLine: false);
        var category = Clean("category", body.Category, 1, MaxCategory, isOneLine: true);
        var explanation = Clean("explanation", body.Explanation, 0, MaxExplanation, isOneLine: false);
        var options = new List<OptionDraft>();
        var given = body.Options ?? [];
        if (given.Count is < MinOptions or > MaxOptions)
        {
            Complain("options", string.Create(CultureInfo.InvariantCulture, $"A question has {MinOptions} to {MaxOptions} options; this one has {given.Count}."));
        }
        else
        {
            for (var i = 0; i < given.Count; i++)
            {
                var text = Clean(fields.Option(i), given[i]?.Title, 1, MaxOption, isOneLine: true);
                if (text.Length > 0 && options.Exists(o => o.Title == text))
                    Complain(fields.Option(i), "Another option is the same.");
                options.Add(new OptionDraft(IdOf(given[i]?.Id, i), text, given[i]?.IsCorrect ?? false));
            }

            if (options.Count(o => o.IsCorrect) is var right and not 1)
                Complain(fields.Right, right == 0 ? "One option has to be the right one." : $"Only one option can be the right one; here are {right.ToString(CultureInfo.InvariantCulture)}.");
        }

        return isFine ? new QuestionDraft(title, category, explanation, options) : null;

        string Clean(string field, string? raw, int min, int max, bool isOneLine)
        {
            if (!QuizText.TryClean(raw, min, max, isOneLine, out var text, out var complaint))
                Complain(field, complaint);
            return text;
        }

        Guid? IdOf(string? id, int place)
        {
            if (id is null)
                return null;
            if (Guid.TryParseExact(id, "d", out var known) && !options.Exists(o => o.Id == known))
                return known;
            Complain(string.Create(CultureInfo.InvariantCulture, $"options[{place}].id"), "This is not the id of an option, or it is there twice.");
            return null;
        }

        void Complain(string field, string sentence)
        {
            isFine = false;
            complain(field, sentence);
        }
    }
}

/// <summary>How a source calls the fields that differ from source to source.</summary>
/// <param name="Option">The text of an option, by its place from 0.</param>
/// <param name="Right">What says which one is right.</param>
internal sealed record FieldNames(Func<int, string> Option, string Right);

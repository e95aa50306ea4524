using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hubbub.Server.Quiz;

/// <summary>Why the quiz refuses something that was asked of it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Programs compare it.</param>
/// <param name="Sentence">For people: what is wrong and, where it helps, what to do.</param>
internal sealed record QuizError(int Status, string Code, string Sentence)
{
    public static QuizError NoQuestions { get; } = new(StatusCodes.Status404NotFound, "no_questions", "There are no questions here yet.");

    public static QuizError QuestionNotFound { get; } = new(StatusCodes.Status404NotFound, "question_not_found", "There is no such question.");

    /// <summary>Leaves as an error of the field.</summary>
    public static QuizError OptionNotFound { get; } = new(
        StatusCodes.Status400BadRequest, "option_not_found", "This is not one of the question's options.");

    public static QuizError AnswerIdUsed { get; } = new(
        StatusCodes.Status409Conflict, "answer_id_used", "This clientAnswerId has been used for another answer.");

    public static QuizError DuplicateQuestion { get; } = new(
        StatusCodes.Status409Conflict, "duplicate_question", "There is a question with this title already.");

    public static QuizError RevisionConflict { get; } = new(
        StatusCodes.Status409Conflict, "revision_conflict", "Somebody else has changed this question meanwhile. Load it again.");

    public static QuizError TooManyQuestions { get; } = new(
        StatusCodes.Status409Conflict,
        "too_many_questions",
        string.Create(CultureInfo.InvariantCulture, $"There is room for {QuestionBank.MaxQuestions:N0} questions. Delete some first."));

    public static QuizError Unavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "unavailable", "The server cannot do that just now. Nothing is lost by trying again.");

    /// <summary>The file cannot be read at all.</summary>
    public static QuizError Unreadable(string sentence) => new(StatusCodes.Status400BadRequest, "unreadable", sentence);

    public static QuizError TooFast(int seconds) => new(
        StatusCodes.Status429TooManyRequests,
        "too_many_requests",
        string.Create(CultureInfo.InvariantCulture, $"That is too fast. Try again in {seconds} s."))
    {
        RetryAfter = seconds,
    };

    /// <summary>In seconds.</summary>
    public int? RetryAfter { get; private init; }

    public ProblemHttpResult ToProblem() => TypedResults.Problem(
        Sentence, statusCode: Status, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = Code });
}

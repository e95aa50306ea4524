namespace Hubbub.Server.Quiz;

/// <summary>What somebody answers.</summary>
/// <param name="UserId">Who.</param>
/// <param name="QuestionId">To what.</param>
/// <param name="OptionId">What was chosen.</param>
/// <param name="ClientAnswerId">The person's own id for it: an answer with the same one is the same answer. May be left out.</param>
internal sealed record Answer(Guid UserId, Guid QuestionId, Guid OptionId, string? ClientAnswerId)
{
    /// <summary>The longest client answer id, in UTF-16 code units.</summary>
    public const int MaxClientIdLength = 64;
}

/// <summary>What came of it.</summary>
/// <param name="IsCorrect">Whether it was right.</param>
/// <param name="CorrectOptionId">What would have been.</param>
/// <param name="Explanation">Why; may be empty.</param>
internal sealed record AnswerOutcome(bool IsCorrect, Guid CorrectOptionId, string Explanation);

/// <summary>The body of <c>POST /api/trivia</c>.</summary>
internal sealed record AnswerBody(string? QuestionId, string? OptionId, string? ClientAnswerId);

namespace Hubbub.Server.Quiz;

/// <summary>A question as administrators see it.</summary>
/// <param name="Id">Unique everywhere.</param>
/// <param name="Title">What is asked.</param>
/// <param name="Category">Where it belongs.</param>
/// <param name="Explanation">Shown after the answer; may be empty.</param>
/// <param name="Options">2 to 6, in the administrators' order; exactly one is correct.</param>
/// <param name="Revision">Rises with every change.</param>
/// <param name="Answers">How often it has been answered.</param>
/// <param name="License">Under which it came; may be empty.</param>
/// <param name="Attribution">To whom it is owed; may be empty.</param>
internal sealed record Question(
    Guid Id,
    string Title,
    string Category,
    string Explanation,
    IReadOnlyList<QuestionOption> Options,
    int Revision,
    long Answers,
    string License,
    string Attribution);

/// <summary>One of the answers to choose from.</summary>
internal sealed record QuestionOption(Guid Id, string Title, bool IsCorrect);

/// <summary>A page of the bank, by category and title.</summary>
/// <param name="Questions">One page of them.</param>
/// <param name="Total">How many fit in all.</param>
/// <param name="HasMore">Whether some come after this page.</param>
internal sealed record QuestionPage(IReadOnlyList<Question> Questions, long Total, bool HasMore);

/// <summary>The body of <c>POST /api/quiz/questions</c> and <c>PUT /api/quiz/questions/{id}</c>, not checked yet.</summary>
/// <param name="Title">1 to 300 characters.</param>
/// <param name="Category">1 to 40 characters.</param>
/// <param name="Explanation">At most 600 characters; may be left out.</param>
/// <param name="Options">2 to 6.</param>
/// <param name="Revision">For a change: the one that it started from.</param>
internal sealed record QuestionBody(
    string? Title, string? Category, string? Explanation, IReadOnlyList<OptionBody?>? Options, int? Revision = null);

/// <summary>An option of such a body.</summary>
/// <param name="Title">1 to 120 characters.</param>
/// <param name="IsCorrect">False if it is left out.</param>
/// <param name="Id">In a change: which of the present options this is; without it, a new one.</param>
internal sealed record OptionBody(string? Title, bool? IsCorrect, string? Id = null);

/// <summary>A question that keeps all rules.</summary>
internal sealed record QuestionDraft(string Title, string Category, string Explanation, IReadOnlyList<OptionDraft> Options)
{
    public string License { get; init; } = "";

    public string Attribution { get; init; } = "";

    /// <summary>Two questions with the same key are the same question.</summary>
    public string TitleKey { get; } = QuizText.KeyOf(Title);
}

/// <summary>An option that keeps all rules.</summary>
internal sealed record OptionDraft(Guid? Id, string Title, bool IsCorrect);

namespace Hubbub.Server.Quiz;

/// <summary>The six numbers of a group of answers. Public, with all that inherits it, because SignalR implements the hub's client elsewhere.</summary>
/// <param name="CorrectAnswers">How many were right.</param>
/// <param name="IncorrectAnswers">How many were wrong.</param>
/// <param name="Users">How many people gave them.</param>
public record Summary(long CorrectAnswers, long IncorrectAnswers, long Users)
{
    public long TotalAnswers => CorrectAnswers + IncorrectAnswers;

    /// <summary>Per person who has answered; 0 if there is nobody.</summary>
    public double TotalAnswersAverage => PerUser(TotalAnswers);

    /// <inheritdoc cref="TotalAnswersAverage" />
    public double CorrectAnswersAverage => PerUser(CorrectAnswers);

    /// <inheritdoc cref="TotalAnswersAverage" />
    public double IncorrectAnswersAverage => PerUser(IncorrectAnswers);

    private double PerUser(long answers) => Users == 0 ? 0 : (double)answers / Users;
}

/// <summary>The numbers of a category.</summary>
public sealed record CategorySummary(string Name, long CorrectAnswers, long IncorrectAnswers, long Users)
    : Summary(CorrectAnswers, IncorrectAnswers, Users);

/// <summary>How a question was answered.</summary>
/// <param name="Id">The question's.</param>
/// <param name="Title">Its title now.</param>
/// <param name="Category">Its category now.</param>
/// <param name="CorrectAnswers">How many were right.</param>
/// <param name="IncorrectAnswers">How many were wrong.</param>
public sealed record QuestionCount(Guid Id, string Title, string Category, long CorrectAnswers, long IncorrectAnswers)
{
    public long TotalAnswers => CorrectAnswers + IncorrectAnswers;
}

/// <summary>What was answered in a minute.</summary>
/// <param name="Minute">When it began.</param>
/// <param name="CorrectAnswers">How many were right.</param>
/// <param name="IncorrectAnswers">How many were wrong.</param>
internal sealed record MinuteCount(DateTimeOffset Minute, long CorrectAnswers, long IncorrectAnswers);

/// <summary>What was answered in a minute in one category.</summary>
/// <param name="Minute">When it began.</param>
/// <param name="Category">The category that the questions had then.</param>
/// <param name="CorrectAnswers">How many were right.</param>
/// <param name="IncorrectAnswers">How many were wrong.</param>
public sealed record CategoryMinuteCount(DateTimeOffset Minute, string Category, long CorrectAnswers, long IncorrectAnswers);

/// <summary>The answer of <c>GET /api/statistics</c>.</summary>
/// <param name="Category">Whose numbers; null for all.</param>
/// <param name="Version">Rises with every answer of the whole quiz.</param>
/// <param name="CorrectAnswers">How many were right.</param>
/// <param name="IncorrectAnswers">How many were wrong.</param>
/// <param name="Users">How many people gave them.</param>
internal sealed record StatisticsNow(string? Category, long Version, long CorrectAnswers, long IncorrectAnswers, long Users)
    : Summary(CorrectAnswers, IncorrectAnswers, Users);

/// <summary>The answer of <c>GET /api/statistics/details</c>.</summary>
/// <param name="Version">Rises with every answer of the whole quiz.</param>
/// <param name="Summary">Of the category, or of all.</param>
/// <param name="Categories">Always all of them, most answers first.</param>
/// <param name="Questions">Those of the category, or of all, that were answered; most answers first.</param>
/// <param name="LastHour">The minutes that have answers, of the category or of all, oldest first.</param>
internal sealed record StatisticsDetails(
    long Version,
    Summary Summary,
    IReadOnlyList<CategorySummary> Categories,
    IReadOnlyList<QuestionCount> Questions,
    IReadOnlyList<MinuteCount> LastHour);

/// <summary>What the hub tells. All numbers are absolute: of two updates the one with the higher version holds.</summary>
/// <param name="Version">Rises with every answer of the whole quiz.</param>
/// <param name="CorrectAnswers">How many were right.</param>
/// <param name="IncorrectAnswers">How many were wrong.</param>
/// <param name="Users">How many people gave them.</param>
/// <param name="Categories">All categories that have answers, most answers first.</param>
/// <param name="Questions">Those that were answered since the update before.</param>
/// <param name="Minutes">This minute and the one before it.</param>
public sealed record StatisticsUpdate(
    long Version,
    long CorrectAnswers,
    long IncorrectAnswers,
    long Users,
    IReadOnlyList<CategorySummary> Categories,
    IReadOnlyList<QuestionCount> Questions,
    IReadOnlyList<CategoryMinuteCount> Minutes)
    : Summary(CorrectAnswers, IncorrectAnswers, Users);

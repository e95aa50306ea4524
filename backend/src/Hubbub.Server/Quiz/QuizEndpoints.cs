using System.Globalization;
using System.Security.Claims;
using Hubbub.Server.Accounts;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hubbub.Server.Quiz;

/// <summary>
/// Everything the quiz shows to players: <c>/api/trivia</c>, <c>/api/statistics</c> and the hub at <c>/statisticsHub</c>. What administrators
/// get is in <see cref="QuestionEndpoints"/>.
/// </summary>
internal static class QuizEndpoints
{
    /// <summary>The name of the query parameter that <see cref="Category"/> reads.</summary>
    public const string CategoryParameter = "category";

    /// <summary>Registers the quiz.</summary>
    public static void AddQuiz(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<QuizOptions>().BindConfiguration(QuizOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Trivia>().AddSingleton<QuizRates>().AddSingleton<QuestionBank>();
        services.AddSingleton<QuizStatistics>();
        services.AddSingleton<IStatisticsPublication>(provider => provider.GetRequiredService<ChosenBackplane>().ReachesAll
            ? ActivatorUtilities.CreateInstance<StatisticsPublication>(provider)
            : ActivatorUtilities.CreateInstance<LocalStatisticsPublication>(provider));
        services.AddHostedService<ShippedPacks>();
        services.AddSingleton<StatisticsPublisher>().AddHostedService(provider => provider.GetRequiredService<StatisticsPublisher>());
        services.AddSingleton<AnswerIntake>().AddHostedService(provider => provider.GetRequiredService<AnswerIntake>());
    }

    /// <summary>Maps the hub and the endpoints.</summary>
    public static void MapQuiz(this IEndpointRouteBuilder app)
    {
        app.MapRealtimeHub<StatisticsHub>($"/{StatisticsHub.Route}");

        var trivia = app.MapApi("/api/trivia", "Trivia").RequireSignIn();
        trivia.MapGet("/", NextQuestion)
            .Describe("GetQuestion", "The caller's next question, without a hint of the answer.", StatusCodes.Status404NotFound)
            .WithQuery(CategoryParameter, "Only questions of this category.");
        trivia.MapPost("/", TakeAnswer).AddEndpointFilter(TakeRate).TakesJson().Describe(
            "AnswerQuestion",
            "Answers a question; a clientAnswerId used before with the same answer returns the first result.",
            StatusCodes.Status404NotFound,
            StatusCodes.Status409Conflict,
            StatusCodes.Status429TooManyRequests);
        trivia.MapGet("/categories", ListCategories).Describe("ListCategories", "The categories that have questions, by name.");

        var statistics = app.MapApi("/api/statistics", "Statistics").RequireSignIn();
        statistics.MapGet("/", ReadStatistics)
            .Describe("GetStatistics", "How all people together have answered.")
            .WithQuery(CategoryParameter, "Only answers to questions of this category.");
        statistics.MapGet("/details", ReadDetails)
            .Describe("GetStatisticsDetails", "How all people together have answered, by category, by question and in each minute of the last hour.")
            .WithQuery(CategoryParameter, "Only answers to questions of this category.");

        app.MapQuestions();
    }

    /// <summary>Reads the query parameter <c>category</c>: null and empty are all of them.</summary>
    public static string? Category(string? raw, FieldErrors fields)
    {
        if (!QuizText.TryClean(raw, 0, QuestionRules.MaxCategory, isOneLine: true, out var category, out var complaint))
            fields.Add("category", complaint);
        return category.Length == 0 ? null : category;
    }

    // An id has no meaning to clients, so one of an odd form is simply that of nothing.
    public static Guid Id(string text) => Guid.TryParseExact(text, "d", out var id) ? id : Guid.Empty;

    private static async Task<Results<Ok<TriviaQuestion>, ValidationProblem, ProblemHttpResult>> NextQuestion(
        ClaimsPrincipal user, Trivia trivia, CancellationToken cancellationToken, string? category = null)
    {
        var fields = new FieldErrors();
        var only = Category(category, fields);
        if (fields.Any)
            return fields.ToProblem();

        return await trivia.NextAsync(user.UserId(), only, cancellationToken) is { } question
            ? TypedResults.Ok(question)
            : QuizError.NoQuestions.ToProblem();
    }

    private static async Task<Results<Ok<AnswerOutcome>, ValidationProblem, ProblemHttpResult>> TakeAnswer(
        AnswerBody answer, ClaimsPrincipal user, AnswerIntake intake)
    {
        var fields = new FieldErrors();
        if (string.IsNullOrEmpty(answer.QuestionId))
            fields.Add("questionId", "Say which question this answers.");
        if (string.IsNullOrEmpty(answer.OptionId))
            fields.Add("optionId", "Say which option was chosen.");
        if (answer.ClientAnswerId is { } clientId && (clientId.Length is 0 or > Answer.MaxClientIdLength || !UnicodeText.CanBeStored(clientId)))
            fields.Add("clientAnswerId", string.Create(CultureInfo.InvariantCulture, $"clientAnswerId has 1 to {Answer.MaxClientIdLength} characters."));
        if (fields.Any)
            return fields.ToProblem();

        var taken = await intake.TakeAsync(new Answer(user.UserId(), Id(answer.QuestionId!), Id(answer.OptionId!), answer.ClientAnswerId));
        if (taken.Succeeded(out var outcome, out var error))
            return TypedResults.Ok(outcome);
        if (error != QuizError.OptionNotFound)
            return error.ToProblem();

        fields.Add("optionId", error.Sentence);
        return fields.ToProblem();
    }

    private static async Task<Ok<IReadOnlyList<TriviaCategory>>> ListCategories(Trivia trivia, CancellationToken cancellationToken) =>
        TypedResults.Ok(await trivia.CategoriesAsync(cancellationToken));

    private static async Task<Results<Ok<StatisticsNow>, ValidationProblem>> ReadStatistics(
        QuizStatistics statistics, CancellationToken cancellationToken, string? category = null)
    {
        var fields = new FieldErrors();
        var only = Category(category, fields);
        return fields.Any ? fields.ToProblem() : TypedResults.Ok(await statistics.ReadAsync(only, cancellationToken));
    }

    private static async Task<Results<Ok<StatisticsDetails>, ValidationProblem>> ReadDetails(
        QuizStatistics statistics, CancellationToken cancellationToken, string? category = null)
    {
        var fields = new FieldErrors();
        var only = Category(category, fields);
        return fields.Any ? fields.ToProblem() : TypedResults.Ok(await statistics.ReadDetailsAsync(only, cancellationToken));
    }

    private static ValueTask<object?> TakeRate(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.RequestServices.GetRequiredService<QuizRates>().TakeAnswer(http.User.UserId()) is not { } error)
            return next(context);

        http.Response.Headers.RetryAfter = error.RetryAfter?.ToString(CultureInfo.InvariantCulture);
        return ValueTask.FromResult<object?>(error.ToProblem());
    }
}

using System.Data;
using Dapper;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>Reads the counters. Everything that is read together is of one moment, the moment of its version.</summary>
internal sealed class QuizStatistics(NpgsqlDataSource database)
{
    /// <summary>The most categories, and the most questions, that are told at once.</summary>
    public const int MaxCategories = 100;

    /// <inheritdoc cref="MaxCategories" />
    public const int MaxQuestions = 200;

    private const string Categories =
        """
        select category as name, correct as correct_answers, incorrect as incorrect_answers, users
        from quiz_category_totals
        order by correct + incorrect desc, category
        limit @MaxCategories;
        """;

    /// <summary>The six numbers of a category, or of all.</summary>
    public async Task<StatisticsNow> ReadAsync(string? category, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<StatisticsNow>(new CommandDefinition(Now, new { category }, cancellationToken: cancellationToken));
    }

    /// <summary>Everything about a category, or about all.</summary>
    public Task<StatisticsDetails> ReadDetailsAsync(string? category, CancellationToken cancellationToken) => ReadTogetherAsync(
        $"""
        {Now};
        {Categories}
        select t.question_id as id, q.title, q.category, t.correct as correct_answers, t.incorrect as incorrect_answers
        from quiz_question_totals t
        join quiz_questions q on q.id = t.question_id
        where @category::text is null or q.category = @category
        order by t.correct + t.incorrect desc, t.question_id
        limit @MaxQuestions;
        select minute, sum(correct)::bigint as correct_answers, sum(incorrect)::bigint as incorrect_answers
        from quiz_minutes
        where minute >= date_trunc('minute', now(), 'UTC') - interval '1 hour' and (@category::text is null or category = @category)
        group by minute
        order by minute desc
        limit 61
        """,
        new { category, MaxCategories, MaxQuestions },
        async results =>
        {
            var now = await results.ReadSingleAsync<StatisticsNow>();
            return new StatisticsDetails(
                now.Version,
                new Summary(now.CorrectAnswers, now.IncorrectAnswers, now.Users),
                (await results.ReadAsync<CategorySummary>()).AsList(),
                (await results.ReadAsync<QuestionCount>()).AsList(),
                [.. (await results.ReadAsync<MinuteCount>()).Reverse()]);
        },
        cancellationToken);

    /// <summary>The present state as the hub tells it to somebody who has just come: without questions and minutes.</summary>
    public Task<StatisticsUpdate> ReadSnapshotAsync(CancellationToken cancellationToken) => ReadTogetherAsync(
        $"{Now}; {Categories}",
        new { category = (string?)null, MaxCategories },
        async results => Update(
            await results.ReadSingleAsync<StatisticsNow>(), (await results.ReadAsync<CategorySummary>()).AsList(), [], []),
        cancellationToken);

    /// <summary>The present state and what has moved after a version.</summary>
    public Task<StatisticsNews> ReadNewsAsync(long after, CancellationToken cancellationToken) => ReadTogetherAsync(
        $"""
        {Now};
        {Categories}
        select t.question_id as id, q.title, q.category, t.correct as correct_answers, t.incorrect as incorrect_answers, t.moved_version
        from quiz_question_totals t
        join quiz_questions q on q.id = t.question_id
        where t.moved_version > @after
        order by t.moved_version
        limit @MaxQuestions + 1;
        select minute, category, correct as correct_answers, incorrect as incorrect_answers
        from quiz_minutes
        where minute >= date_trunc('minute', now(), 'UTC') - interval '1 minute'
        order by minute desc, correct + incorrect desc, category
        limit 2 * @MaxCategories
        """,
        new { category = (string?)null, after, MaxCategories, MaxQuestions },
        async results =>
        {
            var now = await results.ReadSingleAsync<StatisticsNow>();
            var categories = (await results.ReadAsync<CategorySummary>()).AsList();
            var moved = (await results.ReadAsync<MovedQuestion>()).AsList();
            var minutes = (await results.ReadAsync<CategoryMinuteCount>()).AsList();

            // What does not fit is told in the next update, and this one is not the last then.
            var questions = moved.Take(MaxQuestions).ToList();
            return new StatisticsNews(
                Update(now, categories, [.. questions.Select(q => q.ToCount())], minutes),
                moved.Count > MaxQuestions ? questions[^1].MovedVersion : now.Version);
        },
        cancellationToken);

    // Of a category that nobody has answered yet, too.
    private const string Now =
        """
        select @category::text as category, t.version,
            case when @category::text is null then t.correct else coalesce(c.correct, 0) end as correct_answers,
            case when @category::text is null then t.incorrect else coalesce(c.incorrect, 0) end as incorrect_answers,
            case when @category::text is null then t.users else coalesce(c.users, 0) end as users
        from quiz_totals t
        left join quiz_category_totals c on c.category = @category::text
        """;

    private static StatisticsUpdate Update(
        StatisticsNow now,
        IReadOnlyList<CategorySummary> categories,
        IReadOnlyList<QuestionCount> questions,
        IReadOnlyList<CategoryMinuteCount> minutes) =>
        new(now.Version, now.CorrectAnswers, now.IncorrectAnswers, now.Users, categories, questions, minutes);

    private async Task<T> ReadTogetherAsync<T>(
        string sql, object parameters, Func<SqlMapper.GridReader, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // One snapshot for all statements.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        T result;
        await using (var results = await connection.QueryMultipleAsync(new CommandDefinition(
            sql, parameters, transaction, cancellationToken: cancellationToken)))
        {
            result = await read(results);
        }

        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private sealed record MovedQuestion(Guid Id, string Title, string Category, long CorrectAnswers, long IncorrectAnswers, long MovedVersion)
    {
        public QuestionCount ToCount() => new(Id, Title, Category, CorrectAnswers, IncorrectAnswers);
    }
}

/// <summary>An update for everybody.</summary>
/// <param name="Update">What to tell.</param>
/// <param name="UpTo">Everything up to this version is told with it.</param>
internal sealed record StatisticsNews(StatisticsUpdate Update, long UpTo);

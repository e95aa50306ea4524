using Dapper;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>Writes questions, many in one statement, in a transaction of the caller's.</summary>
internal static class QuestionWrites
{
    /// <summary>Adds questions.</summary>
    /// <exception cref="PostgresException">A unique violation: one of the titles is there already.</exception>
    public static async Task AddAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(Guid Id, QuestionDraft Draft)> questions, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            transaction,
            """
            insert into quiz_questions (id, title, title_key, category, explanation, license, attribution)
            select * from unnest(@ids, @titles, @keys, @categories, @explanations, @licenses, @attributions)
            """,
            ColumnsOf(questions),
            cancellationToken);
        await AddOptionsAsync(transaction, OptionsOf(questions), cancellationToken);
    }

    /// <summary>Gives questions other texts and options. Options with an id are those the question has; the others are new.</summary>
    /// <exception cref="PostgresException">A unique violation: another question has one of the titles.</exception>
    public static async Task ChangeAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(Guid Id, QuestionDraft Draft)> questions, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            transaction,
            """
            update quiz_questions q
            set title = n.title, title_key = n.title_key, category = n.category, explanation = n.explanation,
                license = n.license, attribution = n.attribution, revision = q.revision + 1
            from unnest(@ids, @titles, @keys, @categories, @explanations, @licenses, @attributions)
                as n (id, title, title_key, category, explanation, license, attribution)
            where q.id = n.id
            """,
            ColumnsOf(questions),
            cancellationToken);

        // All are withdrawn first: on the way from one right option to another there must not be two. Those that stay withdrawn stay stored,
        // because people have chosen them.
        await ExecuteAsync(
            transaction,
            "update quiz_options set position = null where question_id = any(@ids) and position is not null",
            new { ids = questions.Select(q => q.Id).ToArray() },
            cancellationToken);
        var options = OptionsOf(questions);
        await ExecuteAsync(
            transaction,
            """
            update quiz_options o
            set title = n.title, is_correct = n.is_correct, position = n.position
            from unnest(@ids, @questionIds, @titles, @rights, @positions) as n (id, question_id, title, is_correct, position)
            where o.id = n.id and o.question_id = n.question_id
            """,
            ColumnsOf([.. options.Where(o => o.Draft.Id is not null)]),
            cancellationToken);
        await AddOptionsAsync(transaction, [.. options.Where(o => o.Draft.Id is null)], cancellationToken);
    }

    private static Task<int> AddOptionsAsync(NpgsqlTransaction transaction, IReadOnlyList<PlacedOption> options, CancellationToken cancellationToken) =>
        ExecuteAsync(
            transaction,
            """
            insert into quiz_options (id, question_id, title, is_correct, position)
            select * from unnest(@ids, @questionIds, @titles, @rights, @positions)
            """,
            ColumnsOf(options),
            cancellationToken);

    private static IReadOnlyList<PlacedOption> OptionsOf(IReadOnlyList<(Guid Id, QuestionDraft Draft)> questions) =>
        [.. questions.SelectMany(q => q.Draft.Options.Select((option, place) => new PlacedOption(q.Id, option, (short)place)))];

    private static object ColumnsOf(IReadOnlyList<(Guid Id, QuestionDraft Draft)> questions) => new
    {
        ids = questions.Select(q => q.Id).ToArray(),
        titles = questions.Select(q => q.Draft.Title).ToArray(),
        keys = questions.Select(q => q.Draft.TitleKey).ToArray(),
        categories = questions.Select(q => q.Draft.Category).ToArray(),
        explanations = questions.Select(q => q.Draft.Explanation).ToArray(),
        licenses = questions.Select(q => q.Draft.License).ToArray(),
        attributions = questions.Select(q => q.Draft.Attribution).ToArray(),
    };

    // A new option's id is random and not by time, so that it does not tell which one was written down first.
    private static object ColumnsOf(IReadOnlyList<PlacedOption> options) => new
    {
        ids = options.Select(o => o.Draft.Id ?? Guid.NewGuid()).ToArray(),
        questionIds = options.Select(o => o.QuestionId).ToArray(),
        titles = options.Select(o => o.Draft.Title).ToArray(),
        rights = options.Select(o => o.Draft.IsCorrect).ToArray(),
        positions = options.Select(o => o.Position).ToArray(),
    };

    private static Task<int> ExecuteAsync(NpgsqlTransaction transaction, string sql, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));

    private sealed record PlacedOption(Guid QuestionId, OptionDraft Draft, short Position);
}

using Dapper;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>Reads questions with their options.</summary>
internal static class QuestionQueries
{
    private const string Select =
        """
        select q.id, q.title, q.category, q.explanation, q.revision, coalesce(t.correct + t.incorrect, 0) as answers, q.license, q.attribution
        from quiz_questions q
        left join quiz_question_totals t on t.question_id = q.id
        """;

    // By category and title; titles that begin with the same 100 characters by id.
    private const string Order = """q.category collate "C", left(q.title_key, 100) collate "C", q.id""";

    /// <summary>One question that is in use; null if it is not there.</summary>
    public static async Task<Question?> FindAsync(
        NpgsqlConnection connection, Guid id, NpgsqlTransaction? transaction, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, $"{Select} where q.id = @id and q.retired_at is null", new { id }, transaction, cancellationToken))
        .SingleOrDefault();

    /// <summary>Those in use that have one of these title keys.</summary>
    public static Task<IReadOnlyList<Question>> FindByKeysAsync(
        NpgsqlConnection connection, string[] keys, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        ReadAsync(
            connection,
            $"""
            {Select}
            join unnest(@keys) as k (title_key) on md5(k.title_key) = md5(q.title_key)
            where q.retired_at is null
            """,
            new { keys },
            transaction,
            cancellationToken);

    /// <summary>Those in use, in their order.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="category">Only of this category; null for all.</param>
    /// <param name="searchKey">Only with this in the title key; empty for all.</param>
    /// <param name="after">Only behind this one, in use or not; null from the start.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Task<IReadOnlyList<Question>> ListAsync(
        NpgsqlConnection connection, string? category, string searchKey, Guid? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            connection,
            $"""
            {Select}
            where q.retired_at is null and (@category::text is null or q.category = @category) and strpos(q.title_key, @searchKey) > 0
                and (@after::uuid is null or ({Order}) > (select {Order} from quiz_questions q where q.id = @after))
            order by {Order}
            limit @limit
            """,
            new { category, searchKey, after, limit },
            transaction: null,
            cancellationToken);

    private static async Task<IReadOnlyList<Question>> ReadAsync(
        NpgsqlConnection connection, string sql, object parameters, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<QuestionRow>(new CommandDefinition(
            sql, parameters, transaction, cancellationToken: cancellationToken))).AsList();
        var options = (await connection.QueryAsync<OptionRow>(new CommandDefinition(
            """
            select question_id, id, title, is_correct
            from quiz_options
            where question_id = any(@ids) and position is not null
            order by position
            """,
            new { ids = rows.Select(r => r.Id).ToArray() },
            transaction,
            cancellationToken: cancellationToken))).ToLookup(o => o.QuestionId, o => new QuestionOption(o.Id, o.Title, o.IsCorrect));
        return [.. rows.Select(r => new Question(
            r.Id, r.Title, r.Category, r.Explanation, [.. options[r.Id]], r.Revision, r.Answers, r.License, r.Attribution))];
    }

    private sealed record QuestionRow(
        Guid Id, string Title, string Category, string Explanation, int Revision, long Answers, string License, string Attribution);

    private sealed record OptionRow(Guid QuestionId, Guid Id, string Title, bool IsCorrect);
}

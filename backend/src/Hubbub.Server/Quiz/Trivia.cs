using System.Buffers.Binary;
using Dapper;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>Which question comes next.</summary>
internal sealed class Trivia(NpgsqlDataSource database)
{
    private const int MaxCategories = 500;

    /// <summary>
    /// The question that a person has answered least, in an order of the person's own that stays the same, also of the options. Null if
    /// there is none.
    /// </summary>
    /// <param name="userId">Who plays.</param>
    /// <param name="category">Only from this category; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<TriviaQuestion?> NextAsync(Guid userId, string? category, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            with next as (
                select q.id, q.title, q.category, nullif(q.attribution, '') as attribution
                from quiz_questions q
                left join quiz_user_questions s on s.user_id = @userId and s.question_id = q.id
                where q.retired_at is null and (@category::text is null or q.category = @category)
                order by coalesce(s.answers, 0), uuid_hash_extended(q.id, @seed), q.id
                limit 1)
            select n.id, n.title, n.category, n.attribution, o.id as option_id, o.title as option_title
            from next n
            join quiz_options o on o.question_id = n.id and o.position is not null
            order by uuid_hash_extended(o.id, @seed), o.id
            """,
            new { userId, category, seed = SeedOf(userId) },
            cancellationToken: cancellationToken))).AsList();
        return rows.Count == 0
            ? null
            : new TriviaQuestion(
                rows[0].Id, rows[0].Title, rows[0].Category, [.. rows.Select(r => new TriviaOption(r.OptionId, r.OptionTitle))], rows[0].Attribution);
    }

    /// <summary>The categories that have questions, by name.</summary>
    public async Task<IReadOnlyList<TriviaCategory>> CategoriesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<TriviaCategory>(new CommandDefinition(
            """
            select category as name, count(*) as questions
            from quiz_questions
            where retired_at is null
            group by category
            order by category collate "C"
            limit @MaxCategories
            """,
            new { MaxCategories },
            cancellationToken: cancellationToken))).AsList();
    }

    // Both halves, so that people whose accounts were made in the same moment do not share an order.
    private static long SeedOf(Guid userId)
    {
        Span<byte> bytes = stackalloc byte[16];
        userId.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
    }

    private sealed record Row(Guid Id, string Title, string Category, string? Attribution, Guid OptionId, string OptionTitle);
}

/// <summary>A question as players see it: nothing in it, neither ids nor order, tells which option is right.</summary>
/// <param name="Id">To answer it.</param>
/// <param name="Title">What is asked.</param>
/// <param name="Category">Where it belongs.</param>
/// <param name="Options">In an order of this person's own.</param>
/// <param name="Attribution">To whom the question is owed, if to somebody.</param>
internal sealed record TriviaQuestion(Guid Id, string Title, string Category, IReadOnlyList<TriviaOption> Options, string? Attribution);

/// <summary>One of the answers to choose from.</summary>
internal sealed record TriviaOption(Guid Id, string Title);

/// <summary>A category, and how many questions it has.</summary>
internal sealed record TriviaCategory(string Name, long Questions);

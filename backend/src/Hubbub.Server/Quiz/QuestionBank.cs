using Dapper;
using Hubbub.Server.Data;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>The questions, as administrators keep them. A deleted one is retired: not asked any more, but its answers go on counting.</summary>
internal sealed class QuestionBank(NpgsqlDataSource database)
{
    /// <summary>The most questions in use.</summary>
    public const int MaxQuestions = 20_000;

    /// <summary>A page, by category and title.</summary>
    /// <param name="category">Only of this category; null for all.</param>
    /// <param name="search">Part of a title, without regard to case; empty for all.</param>
    /// <param name="after">The page starts behind this question.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Null if there never was a question <paramref name="after"/>.</returns>
    public async Task<QuestionPage?> ListAsync(string? category, string search, Guid? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var searchKey = QuizText.KeyOf(search);
        var (isThere, total) = await connection.QuerySingleAsync<(bool, long)>(new CommandDefinition(
            """
            select @after::uuid is null or exists (select from quiz_questions where id = @after), count(*)
            from quiz_questions
            where retired_at is null and (@category::text is null or category = @category) and strpos(title_key, @searchKey) > 0
            """,
            new { after, category, searchKey },
            cancellationToken: cancellationToken));
        if (!isThere)
            return null;

        var questions = await QuestionQueries.ListAsync(connection, category, searchKey, after, limit + 1, cancellationToken);
        return new QuestionPage([.. questions.Take(limit)], total, questions.Count > limit);
    }

    /// <summary>All questions of a category, or all.</summary>
    public async Task<IReadOnlyList<Question>> AllAsync(string? category, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await QuestionQueries.ListAsync(connection, category, searchKey: "", after: null, MaxQuestions, cancellationToken);
    }

    /// <summary>One question.</summary>
    public async Task<QuizResult<Question>> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await QuestionQueries.FindAsync(connection, id, transaction: null, cancellationToken) is { } question
            ? question
            : QuizError.QuestionNotFound;
    }

    /// <summary>Adds a question. Its options' ids do not matter.</summary>
    public async Task<QuizResult<Question>> AddAsync(QuestionDraft draft, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection, cancellationToken);
        if (await CountAsync(transaction, cancellationToken) >= MaxQuestions)
            return QuizError.TooManyQuestions;

        var id = Guid.NewGuid();
        var added = draft with { Options = [.. draft.Options.Select(o => o with { Id = null })] };
        return await StoreAsync(transaction, id, () => QuestionWrites.AddAsync(transaction, [(id, added)], cancellationToken), cancellationToken);
    }

    /// <summary>Changes a question, if it still has the revision that the change started from.</summary>
    /// <param name="id">Which.</param>
    /// <param name="revision">What the change started from.</param>
    /// <param name="draft">What it is to be. Options without an id are new.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<QuizResult<Question>> ChangeAsync(Guid id, int revision, QuestionDraft draft, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection, cancellationToken);
        var present = await QuestionQueries.FindAsync(connection, id, transaction, cancellationToken);
        if (present is null)
            return QuizError.QuestionNotFound;
        if (present.Revision != revision)
            return QuizError.RevisionConflict;
        if (draft.Options.Any(o => o.Id is { } option && present.Options.All(p => p.Id != option)))
            return QuizError.OptionNotFound;

        var changed = draft with { License = present.License, Attribution = present.Attribution };
        return await StoreAsync(transaction, id, () => QuestionWrites.ChangeAsync(transaction, [(id, changed)], cancellationToken), cancellationToken);
    }

    /// <summary>Takes a question out of use.</summary>
    public async Task<QuizError?> RetireAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection, cancellationToken);
        var retired = await connection.ExecuteAsync(new CommandDefinition(
            "update quiz_questions set retired_at = now(), revision = revision + 1 where id = @id and retired_at is null",
            new { id },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return retired == 0 ? QuizError.QuestionNotFound : null;
    }

    /// <summary>Adds the questions whose titles are new and gives the others these texts and options.</summary>
    /// <param name="drafts">No two with the same title.</param>
    /// <param name="isDryRun">Only find out what would happen.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<QuizResult<MergeCounts>> MergeAsync(IReadOnlyList<QuestionDraft> drafts, bool isDryRun, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection, cancellationToken);
        var present = await PresentAsync(transaction, drafts, cancellationToken);
        var added = drafts.Where(d => !present.ContainsKey(d.TitleKey)).Select(d => (Guid.NewGuid(), d)).ToList();
        var changed = drafts.Where(d => present.ContainsKey(d.TitleKey))
            .Select(d => (Old: present[d.TitleKey], New: Onto(present[d.TitleKey], d)))
            .Where(c => IsChange(c.Old, c.New))
            .Select(c => (c.Old.Id, c.New))
            .ToList();
        if (added.Count > 0 && await CountAsync(transaction, cancellationToken) + added.Count > MaxQuestions)
            return QuizError.TooManyQuestions;

        if (!isDryRun)
        {
            await QuestionWrites.AddAsync(transaction, added, cancellationToken);
            await QuestionWrites.ChangeAsync(transaction, changed, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return new MergeCounts(added.Count, changed.Count, drafts.Count - added.Count - changed.Count);
    }

    /// <summary>
    /// Adds questions that this database has never been given before, each known by its key: what was changed or deleted since then stays so.
    /// </summary>
    /// <returns>How many were added.</returns>
    public async Task<int> ShipAsync(IReadOnlyList<QuestionDraft> drafts, CancellationToken cancellationToken)
    {
        var keys = drafts.Select(d => d.TitleKey).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // Every start but the first ends here, without a lock that others might hold.
        if (await connection.QuerySingleAsync<long>(new CommandDefinition(
            "select count(*) from quiz_shipped_questions where content_key = any(@keys)", new { keys }, cancellationToken: cancellationToken)) == keys.Length)
        {
            return 0;
        }

        await using var transaction = await BeginAsync(connection, cancellationToken);
        var fresh = (await connection.QueryAsync<string>(new CommandDefinition(
            "insert into quiz_shipped_questions (content_key) select unnest(@keys) on conflict do nothing returning content_key",
            new { keys },
            transaction,
            cancellationToken: cancellationToken))).ToHashSet(StringComparer.Ordinal);
        if (fresh.Count == 0)
            return 0;

        var present = await PresentAsync(transaction, drafts, cancellationToken);
        var added = drafts.Where(d => fresh.Contains(d.TitleKey) && !present.ContainsKey(d.TitleKey)).Select(d => (Guid.NewGuid(), d)).ToList();
        await QuestionWrites.AddAsync(transaction, added, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added.Count;
    }

    private static async Task<QuizResult<Question>> StoreAsync(
        NpgsqlTransaction transaction, Guid id, Func<Task> write, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        try
        {
            await write();
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "quiz_questions_title" })
        {
            return QuizError.DuplicateQuestion;
        }

        var stored = await QuestionQueries.FindAsync(connection, id, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stored!;
    }

    // Those who change the bank go one after the other, so that what they found stays true until they have written.
    private static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await SettlementLock.TakeAsync(transaction, "quiz-questions", cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private static Task<long> CountAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleAsync<long>(new CommandDefinition(
            "select count(*) from quiz_questions where retired_at is null", transaction: transaction, cancellationToken: cancellationToken));

    private static async Task<Dictionary<string, Question>> PresentAsync(
        NpgsqlTransaction transaction, IReadOnlyList<QuestionDraft> drafts, CancellationToken cancellationToken) =>
        (await QuestionQueries.FindByKeysAsync(
            transaction.Connection!, [.. drafts.Select(d => d.TitleKey)], transaction, cancellationToken))
        .ToDictionary(q => QuizText.KeyOf(q.Title), StringComparer.Ordinal);

    // Options that read the same are the same ones, and what is owed to somebody stays owed.
    private static QuestionDraft Onto(Question present, QuestionDraft draft) => draft with
    {
        Options = [.. draft.Options.Select(o => o with { Id = present.Options.FirstOrDefault(p => p.Title == o.Title)?.Id })],
        License = draft.License.Length > 0 ? draft.License : present.License,
        Attribution = draft.Attribution.Length > 0 ? draft.Attribution : present.Attribution,
    };

    private static bool IsChange(Question present, QuestionDraft draft) =>
        (present.Title, present.Category, present.Explanation, present.License, present.Attribution)
            != (draft.Title, draft.Category, draft.Explanation, draft.License, draft.Attribution)
        || !present.Options.Select(o => (o.Title, o.IsCorrect)).SequenceEqual(draft.Options.Select(o => (o.Title, o.IsCorrect)));
}

/// <summary>What a merge did, or would do.</summary>
internal sealed record MergeCounts(int Added, int Updated, int Unchanged);

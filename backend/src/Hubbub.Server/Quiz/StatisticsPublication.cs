using Dapper;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>Who publishes the statistics, and when.</summary>
internal interface IStatisticsPublication
{
    /// <summary>Answers have been counted on this replica.</summary>
    void Answered();

    /// <summary>Asks for the right to publish.</summary>
    /// <param name="claim">A new id.</param>
    /// <param name="hold">How long the right is this caller's.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<PublicationTurn> ClaimAsync(Guid claim, TimeSpan hold, CancellationToken cancellationToken);

    /// <summary>Notes what was published, and lets the next one publish after a pause.</summary>
    Task ToldAsync(Guid claim, long after, StatisticsNews news, TimeSpan pause, CancellationToken cancellationToken);

    /// <summary>Whether something newer than this version has been published, or may be about to be.</summary>
    Task<bool> IsPastAsync(long version, CancellationToken cancellationToken);
}

/// <summary>One replica at a time publishes for all: a row in the database, judged by the database's clock.</summary>
internal sealed class StatisticsPublication(NpgsqlDataSource database) : IStatisticsPublication
{
    /// <inheritdoc />
    public void Answered()
    {
        // The database knows.
    }

    /// <inheritdoc />
    public async Task<PublicationTurn> ClaimAsync(Guid claim, TimeSpan hold, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<PublicationTurn>(new CommandDefinition(
            "select outcome, wait, after from claim_statistics(@claim, @hold)", new { claim, hold }, cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public async Task ToldAsync(Guid claim, long after, StatisticsNews news, TimeSpan pause, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "select statistics_told(@claim, @after, @upTo, @shown, @pause)",
            new { claim, after, upTo = news.UpTo, shown = news.Update.Version, pause },
            cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public async Task<bool> IsPastAsync(long version, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "select shown_version > @version or coalesce(claimed_until > clock_timestamp(), false) from quiz_publication",
            new { version },
            cancellationToken: cancellationToken));
    }
}

/// <summary>The answer to a claim.</summary>
/// <param name="Outcome"><c>claimed</c>, <c>wait</c> or <c>nothing</c>.</param>
/// <param name="Wait">For <c>wait</c>: ask again after this.</param>
/// <param name="After">For <c>claimed</c>: what moved after this version is to be told.</param>
internal sealed record PublicationTurn(string Outcome, TimeSpan Wait, long? After);

using Dapper;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>Who of all replicas tells everybody the statistics, and when: a row in the database, judged by the database's clock.</summary>
internal sealed class StatisticsPublication(NpgsqlDataSource database)
{
    /// <summary>Asks for the right to tell.</summary>
    /// <param name="claim">A new id.</param>
    /// <param name="hold">How long the right is this caller's.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<PublicationTurn> ClaimAsync(Guid claim, TimeSpan hold, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<PublicationTurn>(new CommandDefinition(
            "select outcome, wait, after from claim_statistics(@claim, @hold)", new { claim, hold }, cancellationToken: cancellationToken));
    }

    /// <summary>Notes what was told, and lets the next one tell after a pause.</summary>
    public async Task ToldAsync(Guid claim, long after, StatisticsNews news, TimeSpan pause, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "select statistics_told(@claim, @after, @upTo, @shown, @pause)",
            new { claim, after, upTo = news.UpTo, shown = news.Update.Version, pause },
            cancellationToken: cancellationToken));
    }

    /// <summary>Whether everybody has been told something newer than this version, or may be about to be.</summary>
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

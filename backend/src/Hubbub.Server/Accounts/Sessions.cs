using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Accounts;

/// <summary>Where people are signed in. docs/decisions/0009-refresh-tokens.md tells what refreshing guarantees and why it is done so.</summary>
internal sealed partial class Sessions(NpgsqlDataSource database, IOptions<AccountOptions> options, ILogger<Sessions> logger)
{
    private const int MaxPerUser = 50;
    private const int SweepSize = 500;
    private const int MaxSweeps = 100;

    /// <summary>Starts a session; the oldest ones beyond 50 of one person end.</summary>
    public async Task<(RefreshToken Token, DateTimeOffset ExpiresAt)> StartAsync(Guid userId, CancellationToken cancellationToken)
    {
        var token = RefreshToken.Create();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var expiresAt = await connection.QuerySingleAsync<DateTimeOffset>(new CommandDefinition(
            """
            delete from sessions where id in (
                select id from sessions where user_id = @userId order by created_at desc offset @MaxPerUser - 1);
            insert into sessions (id, user_id, family_hash, turn_hash, expires_at)
            values (@id, @userId, @FamilyHash, @TurnHash, now() + least(@SessionIdle, @SessionMax))
            returning expires_at
            """,
            new
            {
                id = Guid.CreateVersion7(),
                userId,
                token.FamilyHash,
                token.TurnHash,
                options.Value.SessionIdle,
                options.Value.SessionMax,
                MaxPerUser,
            },
            cancellationToken: cancellationToken));
        return (token, expiresAt);
    }

    /// <summary>
    /// Goes on with a session. Null if there is none any more, or if the token was replaced before: then somebody else has a copy, and
    /// the session ends for both.
    /// </summary>
    public async Task<RefreshedSession?> RefreshAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        var salt = RefreshToken.NewSalt();
        var next = token.Next(salt);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // One statement decides, with the row locked: of requests at the same moment, on whichever replicas, one turns the token.
        var found = await connection.QuerySingleOrDefaultAsync<Found>(new CommandDefinition(
            """
            with seen as (
                select *, case
                    when expires_at <= now() then 'expired'
                    when turn_hash = @TurnHash then
                        case when previous_hash is not null and turned_at > now() - @RefreshGrace then 'current' else 'turned' end
                    when previous_hash = @TurnHash and turned_at > now() - @RefreshGrace then 'previous'
                    else 'reused'
                end as outcome
                from sessions where family_hash = @FamilyHash for update
            ), turned as (
                update sessions s
                set previous_hash = s.turn_hash, turn_hash = @nextHash, turn_salt = @salt, turned_at = now(),
                    expires_at = least(now() + @SessionIdle, s.created_at + @SessionMax)
                from seen where s.id = seen.id and seen.outcome = 'turned'
                returning s.expires_at
            ), ended as (
                delete from sessions s using seen where s.id = seen.id and seen.outcome in ('expired', 'reused')
            )
            select seen.outcome, seen.user_id, u.user_name, array(select role from user_roles r where r.user_id = u.id order by role) as roles,
                seen.turn_salt, coalesce((select expires_at from turned), seen.expires_at) as expires_at
            from seen join users u on u.id = seen.user_id
            """,
            new
            {
                token.FamilyHash,
                token.TurnHash,
                nextHash = next.TurnHash,
                salt,
                options.Value.RefreshGrace,
                options.Value.SessionIdle,
                options.Value.SessionMax,
            },
            cancellationToken: cancellationToken));

        switch (found?.Outcome)
        {
            case "turned":
                return found.With(next);
            case "current":
                return found.With(token);
            case "previous":
                return found.With(token.Next(found.TurnSalt!));
            case "reused":
                Log.Reused(logger, found.UserId);
                return null;
            default:
                return null;
        }
    }

    /// <summary>Ends the session that a token belongs to, whichever of its turns it is.</summary>
    public async Task EndAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from sessions where family_hash = @FamilyHash", new { token.FamilyHash }, cancellationToken: cancellationToken));
    }

    /// <summary>Deletes sessions that have expired, some at a time and at most 50,000.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var deleted = await connection.ExecuteAsync(new CommandDefinition(
                """
                delete from sessions where id in (
                    select id from sessions where expires_at <= now() order by expires_at limit @SweepSize for update skip locked)
                """,
                new { SweepSize },
                cancellationToken: cancellationToken));
            if (deleted < SweepSize)
                return;
        }
    }

    private sealed record Found(string Outcome, Guid UserId, string UserName, string[] Roles, byte[]? TurnSalt, DateTimeOffset ExpiresAt)
    {
        public RefreshedSession With(RefreshToken token) => new(new User(UserId, UserName, Roles), token, ExpiresAt);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A replaced refresh token of user {UserId} was used again: the session has ended", EventName = "RefreshTokenReused")]
        public static partial void Reused(ILogger logger, Guid userId);
    }
}

/// <summary>A session that goes on.</summary>
/// <param name="User">Whose it is, as they are now.</param>
/// <param name="Token">The token from now on.</param>
/// <param name="ExpiresAt">When the session ends if it is not refreshed.</param>
internal sealed record RefreshedSession(User User, RefreshToken Token, DateTimeOffset ExpiresAt);

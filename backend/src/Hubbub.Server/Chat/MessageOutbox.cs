using Dapper;
using Hubbub.Server.Cluster;
using Hubbub.Server.Platform;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>
/// The messages that are stored and not yet published. Any replica may publish any of them; where replicas do not reach each other's
/// connections, each one publishes only those that it accepted, and those of replicas that are gone.
/// </summary>
internal sealed class MessageOutbox(NpgsqlDataSource database, ChosenBackplane backplane, ReplicaIdentity replica)
{
    private const int BatchSize = 100;

    // Of the message "m". A replica that comes back under its name finds its own ones.
    private const string IsMine =
        """
        (@owner::text is null or m.replica = @owner
            or not exists (select from replicas r where r.name = m.replica and r.lease_until > now()))
        """;

    private string? Owner => backplane.ReachesAll ? null : replica.Name;

    /// <summary>The first of those that wait in a room, in the order of their seq; at most 100.</summary>
    public async Task<IReadOnlyList<Message>> ReadAsync(Guid roomId)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Message>(
            $"""
            select m.*
            from message_outbox o
            join message_view m on m.room_id = o.room_id and m.seq = o.seq
            where o.room_id = @roomId and {IsMine}
            order by o.seq
            limit @BatchSize
            """,
            new { roomId, BatchSize, Owner })).AsList();
    }

    /// <summary>Forgets a room's messages up to a seq: they are published.</summary>
    public async Task RemoveAsync(Guid roomId, long upTo)
    {
        await using var connection = await database.OpenConnectionAsync();
        if (backplane.ReachesAll)
        {
            await connection.ExecuteAsync("select messages_published(@roomId, @upTo)", new { roomId, upTo });
            return;
        }

        await connection.ExecuteAsync(
            $"""
            delete from message_outbox o
            using messages m
            where o.room_id = @roomId and o.seq <= @upTo and m.room_id = o.room_id and m.seq = o.seq and {IsMine}
            """,
            new { roomId, upTo, Owner });
    }

    /// <summary>
    /// Rooms in which a message has waited too long: its replica died, or the backplane was away. They are this caller's for the next
    /// two seconds.
    /// </summary>
    public async Task<IReadOnlyList<OverdueRoom>> ClaimOverdueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<OverdueRoom>(new CommandDefinition(
            $"""
            with overdue as (
                select o.room_id, o.seq
                from message_outbox o
                join messages m on m.room_id = o.room_id and m.seq = o.seq
                where o.retry_at < now() and {IsMine}
                order by o.retry_at
                limit 200
                for update of o skip locked),
            claimed as (
                update message_outbox o set retry_at = now() + interval '2 seconds'
                from overdue
                where o.room_id = overdue.room_id and o.seq = overdue.seq
                returning o.room_id, o.seq)
            select room_id, max(seq) as up_to from claimed group by room_id
            """,
            new { Owner },
            cancellationToken: cancellationToken))).AsList();
    }
}

/// <summary>A room in which messages up to a seq have waited too long.</summary>
internal sealed record OverdueRoom(Guid RoomId, long UpTo);

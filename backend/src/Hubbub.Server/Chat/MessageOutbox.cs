using Dapper;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>The messages that are stored and not yet published.</summary>
internal sealed class MessageOutbox(NpgsqlDataSource database)
{
    private const int BatchSize = 100;

    /// <summary>The first of those that wait in a room, in the order of their seq; at most 100.</summary>
    public async Task<IReadOnlyList<Message>> ReadAsync(Guid roomId)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<Message>(
            """
            select v.*
            from message_outbox o
            join message_view v on v.room_id = o.room_id and v.seq = o.seq
            where o.room_id = @roomId
            order by o.seq
            limit @BatchSize
            """,
            new { roomId, BatchSize })).AsList();
    }

    /// <summary>Forgets a room's messages up to a seq: they are published.</summary>
    public async Task RemoveAsync(Guid roomId, long upTo)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("select messages_published(@roomId, @upTo)", new { roomId, upTo });
    }

    /// <summary>
    /// Rooms in which a message has waited too long: its replica died, or the backplane was away. They are this caller's for the next
    /// two seconds.
    /// </summary>
    public async Task<IReadOnlyList<OverdueRoom>> ClaimOverdueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<OverdueRoom>(new CommandDefinition(
            """
            with overdue as (
                select room_id, seq from message_outbox
                where retry_at < now()
                order by retry_at
                limit 200
                for update skip locked),
            claimed as (
                update message_outbox o set retry_at = now() + interval '2 seconds'
                from overdue
                where o.room_id = overdue.room_id and o.seq = overdue.seq
                returning o.room_id, o.seq)
            select room_id, max(seq) as up_to from claimed group by room_id
            """,
            cancellationToken: cancellationToken))).AsList();
    }
}

/// <summary>A room in which messages up to a seq have waited too long.</summary>
internal sealed record OverdueRoom(Guid RoomId, long UpTo);

using System.Data.Common;
using Dapper;

namespace Hubbub.Server.Chat;

/// <summary>Reads rooms as one person sees them.</summary>
internal static class RoomQueries
{
    // One statement, one snapshot: the counter, the read mark and the last message belong together.
    private const string Select =
        """
        select r.id, r.name, r.is_private, m.user_id is not null as is_member, r.member_count,
            least(coalesce(r.last_seq - m.read_seq - m.own_after_read, 0), @MaxUnread) as unread, m.read_seq, r.created_at,
            v.id, v.room_id, v.seq, v.user_id, v.user_name, v.text, v.sent_at, v.client_message_id, v.replica
        from rooms r
        left join room_members m on m.room_id = r.id and m.user_id = @userId
        left join message_view v on v.room_id = r.id and v.seq = r.last_seq
        """;

    /// <summary>One room; null if it does not exist or the person may not see it.</summary>
    public static async Task<Room?> FindAsync(
        DbConnection connection, Guid roomId, Guid userId, DbTransaction? transaction, CancellationToken cancellationToken) =>
        (await ReadAsync(
            connection,
            $"{Select} where r.id = @roomId and (not r.is_private or m.user_id is not null)",
            new { roomId, userId, Room.MaxUnread },
            transaction,
            cancellationToken)).SingleOrDefault();

    /// <summary>
    /// The rooms a person is in, those with the latest message first, then other public rooms by name; only those whose name contains the
    /// search key.
    /// </summary>
    public static Task<IReadOnlyList<Room>> ListAsync(
        DbConnection connection, Guid userId, string searchKey, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            connection,
            $"""
            with mine as (
                select r.id, 1 as part, row_number() over (order by coalesce(r.last_message_at, r.created_at) desc, r.id) as place
                from room_members m
                join rooms r on r.id = m.room_id
                where m.user_id = @userId and strpos(r.name_key, normalize(@searchKey, nfkc)) > 0),
            others as (
                select r.id, 2 as part, row_number() over (order by r.name_key) as place
                from rooms r
                where not r.is_private and strpos(r.name_key, normalize(@searchKey, nfkc)) > 0
                    and not exists (select from room_members m where m.room_id = r.id and m.user_id = @userId)
                order by r.name_key
                limit @limit),
            listed as (
                select * from mine union all select * from others
                order by part, place
                limit @limit)
            {Select}
            join listed l on l.id = r.id
            order by l.part, l.place
            """,
            new { userId, searchKey, limit, Room.MaxUnread },
            transaction: null,
            cancellationToken);

    private static async Task<IReadOnlyList<Room>> ReadAsync(
        DbConnection connection, string sql, object parameters, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        var rooms = await connection.QueryAsync<RoomRow, Message?, Room>(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken),
            (row, last) => new Room(row.Id, row.Name, row.IsPrivate, row.IsMember, row.MemberCount, row.Unread, row.ReadSeq, row.CreatedAt, last),
            splitOn: "id");
        return rooms.AsList();
    }

    private sealed record RoomRow(
        Guid Id, string Name, bool IsPrivate, bool IsMember, long MemberCount, long Unread, long? ReadSeq, DateTimeOffset CreatedAt);
}

using Dapper;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>How far people have read.</summary>
internal sealed class ReadMarks(NpgsqlDataSource database)
{
    /// <summary>Moves somebody's mark forward to a message.</summary>
    public async Task<ChatResult<MarkMove>> MoveAsync(Guid userId, Guid roomId, Guid messageId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync<MarkRow>(new CommandDefinition(
            "select outcome, seq, unread from mark_read(@roomId, @userId, @messageId)",
            new { roomId, userId, messageId },
            cancellationToken: cancellationToken));
        return row.Outcome switch
        {
            "room_not_found" => ChatError.RoomNotFound,
            "not_a_member" => ChatError.NotAMember,
            "message_not_found" => ChatError.InvalidArgument("There is no such message in this room."),
            _ => new MarkMove(row.Outcome == "moved", new ReadMarkMoved(roomId, messageId, row.Seq!.Value, Math.Min(row.Unread!.Value, Room.MaxUnread))),
        };
    }

    private sealed record MarkRow(string Outcome, long? Seq, long? Unread);
}

/// <summary>What became of a read mark.</summary>
internal readonly record struct MarkMove(bool HasMoved, ReadMarkMoved Mark);

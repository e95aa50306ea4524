using Dapper;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>Rooms and who is in them. What changes here is told by <see cref="MembershipSync"/>.</summary>
internal sealed class ChatRooms(NpgsqlDataSource database)
{
    /// <summary>The room that every account starts in.</summary>
    public static readonly Guid LobbyId = new("00000000-0000-7000-8000-00000000b0b0");

    /// <summary>The most people that <see cref="PeopleAsync"/> lists.</summary>
    public const int MaxPeople = 500;

    /// <summary>The longest client room id, in UTF-16 code units.</summary>
    public const int MaxClientIdLength = 64;

    /// <summary>The person's rooms, then other public ones.</summary>
    /// <param name="userId">Who looks.</param>
    /// <param name="search">Part of a name, without regard to case; empty for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<Room>> ListAsync(Guid userId, string search, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await RoomQueries.ListAsync(connection, userId, RoomName.KeyOf(search), limit, cancellationToken);
    }

    /// <summary>One room, if the person may see it.</summary>
    public async Task<ChatResult<Room>> FindAsync(Guid userId, Guid roomId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var room = await RoomQueries.FindAsync(connection, roomId, userId, transaction: null, cancellationToken);
        return room is null ? ChatError.RoomNotFound : room;
    }

    /// <summary>
    /// Creates a room with its creator in it. The result is its id, also the id of the one that an earlier request with the same client id made.
    /// </summary>
    public async Task<ChatResult<Guid>> CreateAsync(
        Guid userId, RoomName name, bool isPrivate, string? clientRoomId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (outcome, id) = await connection.QuerySingleAsync<(string, Guid?)>(new CommandDefinition(
            "select outcome, id from create_room(@id, @name, @key, @isPrivate, @userId, @clientRoomId)",
            new { id = Guid.CreateVersion7(), name = name.Text, key = name.Key, isPrivate, userId, clientRoomId },
            cancellationToken: cancellationToken));
        return Refusal(outcome) is { } error ? error : id!.Value;
    }

    /// <summary>
    /// Makes a person a member of a public room. True if there is something to settle, false if they have been a member all along.
    /// </summary>
    public async Task<ChatResult<bool>> JoinAsync(Guid userId, Guid roomId, CancellationToken cancellationToken)
    {
        var outcome = await CallAsync("select join_room(@roomId, @userId)", new { roomId, userId }, cancellationToken);
        return Refusal(outcome) is { } error ? error : outcome == "joined";
    }

    /// <summary>Ends a membership. True if there is something to settle, false if they have not been a member of that public room.</summary>
    public async Task<ChatResult<bool>> LeaveAsync(Guid userId, Guid roomId, CancellationToken cancellationToken)
    {
        var outcome = await CallAsync("select leave_room(@roomId, @userId)", new { roomId, userId }, cancellationToken);
        return Refusal(outcome) is { } error ? error : outcome == "left";
    }

    /// <summary>A member of a private room lets somebody in; nothing changes for one who is a member.</summary>
    /// <param name="userId">Who lets in.</param>
    /// <param name="roomId">Where.</param>
    /// <param name="guestId">Who is let in; null for somebody who does not exist, which only members are told.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<ChatError?> LetInAsync(Guid userId, Guid roomId, Guid? guestId, CancellationToken cancellationToken) =>
        Refusal(await CallAsync("select let_in(@roomId, @userId, @guestId)", new { roomId, userId, guestId }, cancellationToken));

    /// <summary>The rooms that somebody is a member of.</summary>
    public async Task<IReadOnlyList<Guid>> MembershipsAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Guid>(new CommandDefinition(
            "select room_id from room_members where user_id = @userId", new { userId }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>The members of a room, those online first, then by name; at most <see cref="MaxPeople"/>.</summary>
    public async Task<ChatResult<IReadOnlyList<Person>>> PeopleAsync(Guid userId, Guid roomId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await RoomQueries.FindAsync(connection, roomId, userId, transaction: null, cancellationToken) is null)
            return ChatError.RoomNotFound;

        return (await connection.QueryAsync<Person>(new CommandDefinition(
            """
            select u.id as user_id, u.user_name, online.user_id is not null as is_online
            from room_members m
            join users u on u.id = m.user_id
            left join (select distinct user_id from chat_connections) online on online.user_id = m.user_id
            where m.room_id = @roomId
            order by is_online desc, lower(u.user_name)
            limit @MaxPeople
            """,
            new { roomId, MaxPeople },
            cancellationToken: cancellationToken))).AsList();
    }

    private static ChatError? Refusal(string outcome) => outcome switch
    {
        "room_not_found" => ChatError.RoomNotFound,
        "name_taken" => new ChatError(ChatErrorCodes.NameTaken, "There is a public room of that name already."),
        "too_many_rooms" => new ChatError(ChatErrorCodes.TooManyRooms, "Nobody can be in more than 1,000 rooms. Leave one first."),
        "not_private" => ChatError.InvalidArgument("This room is public: people join it themselves."),
        "user_not_found" => new ChatError(ChatErrorCodes.UserNotFound, "There is nobody of that name."),
        _ => null,
    };

    private async Task<string> CallAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<string>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }
}

/// <summary>A member of a room.</summary>
internal sealed record Person(Guid UserId, string UserName, bool IsOnline);

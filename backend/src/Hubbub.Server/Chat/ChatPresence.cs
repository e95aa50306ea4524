using Dapper;
using Hubbub.Backplane;
using Hubbub.Server.Data;
using Microsoft.AspNetCore.SignalR;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>
/// Tells the members of people's rooms who came online and who went offline. Live connections decide what is so; the table
/// <c>presence</c> holds what was told last; one replica at a time compares the two, so that each change is told once.
/// </summary>
internal sealed class ChatPresence(NpgsqlDataSource database, IHubContext<ChatHub, IChatClient> hub)
{
    private const int MaxDrifted = 200;
    private const int EventsAtOnce = 200;

    /// <summary>Tells about those among some people for whom what was told last no longer holds.</summary>
    /// <exception cref="BackplaneUnavailableException">The rest is still to be told; the next look at these people finds it.</exception>
    public async Task TellAsync(IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if ((await ReadChangesAsync(connection, userIds, transaction: null, cancellationToken)).Count == 0)
            return;

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SettlementLock.TakeAsync(transaction, "presence", cancellationToken);
        var changes = await ReadChangesAsync(connection, userIds, transaction, cancellationToken);
        if (changes.Count == 0)
            return;

        var rooms = await connection.QueryAsync<Membership>(new CommandDefinition(
            "select room_id, user_id from room_members where user_id = any(@ids)",
            new { ids = changes.ConvertAll(c => c.UserId) },
            transaction,
            cancellationToken: cancellationToken));
        var changeOf = changes.ToDictionary(c => c.UserId);
        foreach (var some in rooms.Chunk(EventsAtOnce))
            await Task.WhenAll(some.Select(m => TellRoomAsync(m.RoomId, changeOf[m.UserId])));

        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into presence (user_id, is_online, version)
            select * from unnest(@users, @online, @versions)
            on conflict (user_id) do update set is_online = excluded.is_online, version = excluded.version
            """,
            new
            {
                users = changes.ConvertAll(c => c.UserId),
                online = changes.ConvertAll(c => c.IsOnline),
                versions = changes.ConvertAll(c => c.Version),
            },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Some of the people for whom what was told last does not hold: their replica died before it could tell.</summary>
    public async Task<IReadOnlyList<Guid>> FindDriftedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            (select p.user_id from presence p
             where p.is_online and not exists (select from chat_connections c where c.user_id = p.user_id)
             limit @MaxDrifted)
            union
            (select c.user_id from chat_connections c
             where not exists (select from presence p where p.user_id = c.user_id and p.is_online)
             limit @MaxDrifted)
            """,
            new { MaxDrifted },
            cancellationToken: cancellationToken))).AsList();
    }

    private static async Task<List<Change>> ReadChangesAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> userIds, NpgsqlTransaction? transaction, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<Change>(new CommandDefinition(
            """
            select u.id as user_id, u.user_name, l.is_online, coalesce(p.version, 0) + 1 as version
            from users u
            cross join lateral (select exists (select from chat_connections c where c.user_id = u.id) as is_online) l
            left join presence p on p.user_id = u.id
            where u.id = any(@ids) and l.is_online <> coalesce(p.is_online, false)
            """,
            new { ids = userIds.ToArray() },
            transaction,
            cancellationToken: cancellationToken))).AsList();

    // Told before it is noted: if this replica dies in between, the next one tells the same under the same key, which the backplane drops.
    private Task TellRoomAsync(Guid roomId, Change change)
    {
        var room = hub.Clients.Group(Room.GroupOf(roomId));
        var key = $"presence:{change.UserId}:{change.Version}:{change.IsOnline}";
        return change.IsOnline
            ? room.PersonEntered(new PersonEntered(roomId, change.UserId, change.UserName, IsOnline: true, key))
            : room.PersonLeft(new PersonLeft(roomId, change.UserId, change.UserName, IsMember: true, key));
    }

    private sealed record Change(Guid UserId, string UserName, bool IsOnline, long Version);

    private sealed record Membership(Guid RoomId, Guid UserId);
}

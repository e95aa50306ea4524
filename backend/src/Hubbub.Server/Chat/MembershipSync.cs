using System.Globalization;
using Dapper;
using Hubbub.Backplane;
using Hubbub.Server.Data;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.SignalR;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>
/// Brings what follows from a membership in line with it: the groups of the person's live connections on all replicas, and what
/// everybody is told. It never acts on what changed but on what holds now, under a lock for this person and room, so that it may run
/// late, twice or on another replica and the last run is right.
/// </summary>
internal sealed partial class MembershipSync(
    NpgsqlDataSource database,
    IHubContext<ChatHub, IChatClient> hub,
    TimeProvider time,
    ILogger<MembershipSync> logger) : IDisposable
{
    private readonly Outage _outage = new(time);

    // Each run keeps a database connection while the backplane, which may need one of the same pool, stores what it sends.
    private readonly SemaphoreSlim _slots = new(8, 8);

    /// <summary>Brings one membership in line.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Ends the attempt; the change stays in the outbox.</param>
    /// <exception cref="BackplaneUnavailableException">The change stays in the outbox.</exception>
    public async Task SettleAsync(Guid roomId, Guid userId, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await SettlementLock.TakeAsync(transaction, $"membership:{roomId}:{userId}", cancellationToken);

            var changes = (await connection.QueryAsync<Change>(new CommandDefinition(
                "select id, is_new_room from membership_outbox where room_id = @roomId and user_id = @userId order by id",
                new { roomId, userId },
                transaction,
                cancellationToken: cancellationToken))).AsList();
            var now = await ReadStateAsync(transaction, roomId, userId, cancellationToken);

            // The room hears of it before the connections change groups, the person afterwards. Not only for the look of it: what this replica
            // sends first puts the change of its own connections behind whatever other replicas have sent to them so far.
            if (changes.Count > 0)
                await TellRoomAsync(roomId, userId, now, changes[^1].Id);
            await RegroupAsync(roomId, now, cancellationToken);
            if (changes.Count > 0)
            {
                await TellPersonAsync(transaction, roomId, userId, now, changes, cancellationToken);
                await connection.ExecuteAsync(new CommandDefinition(
                    "delete from membership_outbox where id = any(@ids)",
                    new { ids = changes.ConvertAll(c => c.Id) },
                    transaction,
                    cancellationToken: cancellationToken));
            }

            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>The same for a caller whose own work is done and stored: what fails now is left to the sweep.</summary>
    public async Task TrySettleAsync(Guid roomId, Guid userId, CancellationToken cancellationToken)
    {
        try
        {
            await SettleAsync(roomId, userId, cancellationToken);
            _outage.End();
        }
        catch (Exception e) when (e is BackplaneUnavailableException or NpgsqlException)
        {
            var level = _outage.Fail();
            Log.Postponed(logger, level, userId, roomId, e);
        }
    }

    /// <summary>Memberships whose change was not told in time. They are this caller's for the next two seconds.</summary>
    public async Task<IReadOnlyList<OverdueMembership>> ClaimOverdueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<OverdueMembership>(new CommandDefinition(
            """
            with overdue as (
                select id from membership_outbox
                where retry_at < now()
                order by retry_at
                limit 100
                for update skip locked),
            claimed as (
                update membership_outbox o set retry_at = now() + interval '2 seconds'
                from overdue
                where o.id = overdue.id
                returning o.room_id, o.user_id)
            select distinct room_id, user_id from claimed
            """,
            cancellationToken: cancellationToken))).AsList();
    }

    /// <inheritdoc />
    public void Dispose() => _slots.Dispose();

    private static async Task<State> ReadStateAsync(
        NpgsqlTransaction transaction, Guid roomId, Guid userId, CancellationToken cancellationToken)
    {
        await using var rows = await transaction.Connection!.QueryMultipleAsync(new CommandDefinition(
            """
            select exists (select from room_members where room_id = @roomId and user_id = @userId);
            select user_name from users where id = @userId;
            select connection_id from chat_connections where user_id = @userId
            """,
            new { roomId, userId },
            transaction,
            cancellationToken: cancellationToken));
        return new State(await rows.ReadSingleAsync<bool>(), await rows.ReadSingleAsync<string>(), [.. await rows.ReadAsync<string>()]);
    }

    private Task RegroupAsync(Guid roomId, State now, CancellationToken cancellationToken)
    {
        var group = Room.GroupOf(roomId);
        return Task.WhenAll(now.Connections.Select(id => now.IsMember
            ? hub.Groups.AddToGroupAsync(id, group, cancellationToken)
            : hub.Groups.RemoveFromGroupAsync(id, group, cancellationToken)));
    }

    private Task TellRoomAsync(Guid roomId, Guid userId, State now, long change)
    {
        var room = hub.Clients.Group(Room.GroupOf(roomId));
        return now.IsMember
            ? room.PersonEntered(new PersonEntered(roomId, userId, now.UserName, now.Connections.Length > 0, KeyOf(change)))
            : room.PersonLeft(new PersonLeft(roomId, userId, now.UserName, IsMember: false, KeyOf(change)));
    }

    private async Task TellPersonAsync(
        NpgsqlTransaction transaction, Guid roomId, Guid userId, State now, List<Change> changes, CancellationToken cancellationToken)
    {
        var key = KeyOf(changes[^1].Id);
        var person = hub.Clients.User(userId.ToString());
        if (!now.IsMember)
        {
            await person.RoomLeft(new RoomLeft(roomId, key));
            return;
        }

        var room = await RoomQueries.FindAsync(transaction.Connection!, roomId, userId, transaction, cancellationToken)
            ?? throw new InvalidOperationException($"{userId} is a member of {roomId} and does not see it");
        if (changes.Exists(c => c.IsNewRoom) && !room.IsPrivate)
        {
            var asOthersSeeIt = room with { IsMember = false, Unread = 0, ReadSeq = null };
            await hub.Clients.AllExcept(now.Connections).RoomAdded(new AddedRoom(asOthersSeeIt, key));
        }

        await person.RoomAdded(new AddedRoom(room, key));
    }

    // Two sends of the same change to the same audience are one; different audiences do not share keys.
    private static string KeyOf(long change) => string.Create(CultureInfo.InvariantCulture, $"membership:{change}");

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "SettlementPostponed", Message = "The membership of {UserId} in {RoomId} is stored and will be told later")]
        public static partial void Postponed(ILogger logger, LogLevel level, Guid userId, Guid roomId, Exception exception);
    }

    private sealed record Change(long Id, bool IsNewRoom);

    private sealed record State(bool IsMember, string UserName, string[] Connections);
}

/// <summary>A membership that changed a while ago.</summary>
internal sealed record OverdueMembership(Guid RoomId, Guid UserId);

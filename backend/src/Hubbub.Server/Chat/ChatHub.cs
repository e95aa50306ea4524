using Hubbub.Server.Accounts;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Chat;

/// <summary>The door to the chat: reads the arguments, asks the classes that know the rules, and tells the answer.</summary>
internal sealed class ChatHub(
    ChatConnections connections,
    ChatRooms rooms,
    ChatMessages messages,
    ReadMarks marks,
    MembershipSync memberships,
    ChatRates rates) : Hub<IChatClient>, IFailsInWords
{
    /// <summary>Where it is mapped, and its name in the directory of connections.</summary>
    public const string Route = "chatHub";

    /// <inheritdoc />
    public static string Unavailable => ChatError.Unavailable.ToString();

    private Guid UserId => Context.User!.UserId();

    /// <inheritdoc />
    public override Task OnConnectedAsync() => connections.EnterAsync(Context.ConnectionId, UserId, Context.ConnectionAborted);

    /// <inheritdoc />
    public override Task OnDisconnectedAsync(Exception? exception) => connections.LeaveAsync(Context.ConnectionId, UserId);

    /// <summary>Makes the caller a member of a room.</summary>
    public async Task<Room> JoinRoom(TextArgument roomId)
    {
        Refuse(rates.TakeChange(UserId));
        var id = RoomId(roomId);
        if (Value(await rooms.JoinAsync(UserId, id, Context.ConnectionAborted)))
            await memberships.SettleAsync(id, UserId, Context.ConnectionAborted);
        return Value(await rooms.FindAsync(UserId, id, Context.ConnectionAborted));
    }

    /// <summary>Ends the caller's membership of a room.</summary>
    public async Task LeaveRoom(TextArgument roomId)
    {
        Refuse(rates.TakeChange(UserId));
        var id = RoomId(roomId);
        if (Value(await rooms.LeaveAsync(UserId, id, Context.ConnectionAborted)))
            await memberships.SettleAsync(id, UserId, Context.ConnectionAborted);
    }

    /// <summary>Says something in a room, once for each <paramref name="clientMessageId"/>.</summary>
    public async Task<Message> SendMessage(TextArgument roomId, TextArgument text, TextArgument clientMessageId)
    {
        Refuse(rates.TakeSend(Context.ConnectionId, UserId));
        return Value(await messages.SendAsync(UserId, RoomId(roomId), MessageTextOf(text), Text(clientMessageId, nameof(clientMessageId))));
    }

    /// <summary>Moves the caller's read mark forward.</summary>
    public async Task MarkRead(TextArgument roomId, TextArgument messageId)
    {
        Refuse(rates.TakeChange(UserId));
        if (!Guid.TryParseExact(Text(messageId, nameof(messageId)), "d", out var message))
            message = Guid.Empty;
        var move = Value(await marks.MoveAsync(UserId, RoomId(roomId), message, Context.ConnectionAborted));
        if (move.HasMoved)
            await Clients.User(Context.UserIdentifier!).ReadMarkMoved(move.Mark);
    }

    // An id has no meaning to clients, so one of an odd form is simply that of no room.
    private static Guid RoomId(TextArgument argument)
    {
        if (!Guid.TryParseExact(Text(argument, "roomId"), "d", out var id))
            Refuse(ChatError.RoomNotFound);
        return id;
    }

    private static string MessageTextOf(TextArgument argument)
    {
        if (argument.IsBroken)
            Refuse(MessageText.Unstorable);
        return Text(argument, "text");
    }

    private static string Text(TextArgument argument, string name)
    {
        if (argument.Text is null)
            Refuse(ChatError.InvalidArgument($"{name} has to be a string."));
        return argument.Text!;
    }

    private static T Value<T>(ChatResult<T> result)
    {
        if (!result.Succeeded(out var value, out var error))
            throw new HubException(error.ToString());
        return value;
    }

    private static void Refuse(ChatError? error)
    {
        if (error is not null)
            throw new HubException(error.ToString());
    }
}

namespace Hubbub.Server.Chat;

/// <summary>What the chat hub calls on its clients. Public, with all it mentions, because SignalR implements it in an assembly of its own.</summary>
public interface IChatClient
{
    /// <summary>A message was accepted in a room of the user; the sender gets it too.</summary>
    Task ReceiveMessage(Message message);

    /// <summary>A public room was created, or the user became a member of a room, on this device or another.</summary>
    Task RoomAdded(AddedRoom room);

    /// <summary>The user left a room, on this device or another.</summary>
    Task RoomLeft(RoomLeft left);

    /// <summary>Somebody became a member of one of the user's rooms, or came online.</summary>
    Task PersonEntered(PersonEntered entered);

    /// <summary>Somebody stopped being a member of one of the user's rooms, or went offline.</summary>
    Task PersonLeft(PersonLeft left);

    /// <summary>The user's read mark moved, on this device or another.</summary>
    Task ReadMarkMoved(ReadMarkMoved moved);
}

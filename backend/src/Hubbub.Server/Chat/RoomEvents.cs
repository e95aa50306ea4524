using System.Text.Json.Serialization;
using Hubbub.Backplane;

namespace Hubbub.Server.Chat;

/// <summary>A room in an event that is to be told once.</summary>
public sealed record AddedRoom : Room, IIdempotentPayload
{
    public AddedRoom(Room room, string key)
        : base(room) => IdempotencyKey = key;

    /// <inheritdoc />
    [JsonIgnore]
    public string IdempotencyKey { get; }
}

/// <summary>The user is no longer a member of a room.</summary>
public sealed record RoomLeft(Guid RoomId, [property: JsonIgnore] string IdempotencyKey) : IIdempotentPayload;

/// <summary>Somebody became a member of a room, or a member came online.</summary>
public sealed record PersonEntered(
    Guid RoomId,
    Guid UserId,
    string UserName,
    bool IsOnline,
    [property: JsonIgnore] string IdempotencyKey) : IIdempotentPayload;

/// <summary>Somebody stopped being a member of a room, or a member went offline.</summary>
public sealed record PersonLeft(
    Guid RoomId,
    Guid UserId,
    string UserName,
    bool IsMember,
    [property: JsonIgnore] string IdempotencyKey) : IIdempotentPayload;

/// <summary>The user's read mark moved forward.</summary>
/// <param name="RoomId">Where.</param>
/// <param name="MessageId">The last message read.</param>
/// <param name="Seq">Its number: of two marks, the higher one holds.</param>
/// <param name="Unread">What is left, at most <see cref="Room.MaxUnread"/>.</param>
public sealed record ReadMarkMoved(Guid RoomId, Guid MessageId, long Seq, long Unread);

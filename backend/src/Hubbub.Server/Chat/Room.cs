namespace Hubbub.Server.Chat;

/// <summary>A room, as one person sees it.</summary>
/// <param name="Id">Unique everywhere.</param>
/// <param name="Name">1 to 60 UTF-16 code units.</param>
/// <param name="IsPrivate">Only members see it, and only members let others in.</param>
/// <param name="IsMember">Whether this person is a member.</param>
/// <param name="MemberCount">Of all people.</param>
/// <param name="Unread">Messages of others after this person's read mark, at most <see cref="MaxUnread"/>; 0 for somebody who is not a member.</param>
/// <param name="ReadSeq">The <c>seq</c> of the last message this person has read, 0 for none; null for somebody who is not a member.</param>
/// <param name="CreatedAt">In UTC.</param>
/// <param name="LastMessage">Null in a room where nothing was said.</param>
public record Room(
    Guid Id,
    string Name,
    bool IsPrivate,
    bool IsMember,
    long MemberCount,
    long Unread,
    long? ReadSeq,
    DateTimeOffset CreatedAt,
    Message? LastMessage)
{
    /// <summary>More unread messages than this are not told apart.</summary>
    public const int MaxUnread = 100;

    /// <summary>The SignalR group of a room's members.</summary>
    public static string GroupOf(Guid roomId) => $"room:{roomId}";
}

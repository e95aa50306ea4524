namespace Hubbub.Server.Chat;

/// <summary>A part of a room's history.</summary>
/// <param name="Messages">Oldest first, consecutive.</param>
/// <param name="Position">A cursor of the log from before the messages were read: what comes after it completes them.</param>
/// <param name="HasMore">Whether there are more in the direction asked: later ones with <c>after</c>, else earlier ones.</param>
internal sealed record MessagePage(IReadOnlyList<Message> Messages, string Position, bool HasMore);

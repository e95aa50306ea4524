namespace Hubbub.Server.Chat;

/// <summary>Why chat refuses something that was asked of it.</summary>
/// <param name="Code">One of <see cref="ChatErrorCodes"/>; programs compare it.</param>
/// <param name="Sentence">For people: what is wrong and, where it helps, what to do.</param>
internal sealed record ChatError(string Code, string Sentence)
{
    public static ChatError RoomNotFound { get; } = new(ChatErrorCodes.RoomNotFound, "There is no such room.");

    public static ChatError NotAMember { get; } = new(ChatErrorCodes.NotAMember, "Only members of the room can do that. Join it first.");

    public static ChatError Unavailable { get; } = new(ChatErrorCodes.Unavailable, "The server cannot do that just now. Nothing is lost by trying again.");

    public static ChatError InvalidArgument(string sentence) => new(ChatErrorCodes.InvalidArgument, sentence);

    /// <summary>In seconds, for <see cref="ChatErrorCodes.TooManyRequests"/>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The form in which a hub call fails.</summary>
    public override string ToString() => $"{Code}: {Sentence}";
}

/// <summary>The codes of the wire contract.</summary>
internal static class ChatErrorCodes
{
    public const string TextEmpty = "text_empty";
    public const string TextTooLong = "text_too_long";
    public const string TextInvalid = "text_invalid";
    public const string TooManyRooms = "too_many_rooms";
    public const string NameTaken = "name_taken";
    public const string RoomNotFound = "room_not_found";
    public const string UserNotFound = "user_not_found";
    public const string MessageNotFound = "message_not_found";
    public const string NotAMember = "not_a_member";
    public const string InvalidArgument = "invalid_argument";
    public const string TooManyRequests = "too_many_requests";
    public const string Unavailable = "unavailable";
}

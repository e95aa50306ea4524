using System.Text.Json.Serialization;
using Hubbub.Backplane;

namespace Hubbub.Server.Chat;

/// <summary>A stored message, as clients see it.</summary>
/// <param name="Id">Unique everywhere.</param>
/// <param name="RoomId">The room it was said in.</param>
/// <param name="Seq">Counts 1, 2, 3, … in its room without a hole and orders the conversation.</param>
/// <param name="UserId">Who said it.</param>
/// <param name="UserName">Their name now.</param>
/// <param name="Text">1 to 4,000 UTF-16 code units, with LF line ends.</param>
/// <param name="SentAt">When it was accepted, by the database's clock (UTC); never falls while <see cref="Seq"/> rises.</param>
/// <param name="ClientMessageId">The sender's own id for it: unique for the sender.</param>
/// <param name="Replica">The name of the replica that accepted it.</param>
public sealed record Message(
    Guid Id,
    Guid RoomId,
    long Seq,
    Guid UserId,
    string UserName,
    string Text,
    DateTimeOffset SentAt,
    string ClientMessageId,
    string Replica) : IIdempotentPayload
{
    /// <summary>However often a message is published, the backplane keeps one.</summary>
    [JsonIgnore]
    public string IdempotencyKey => $"message:{Id}";
}

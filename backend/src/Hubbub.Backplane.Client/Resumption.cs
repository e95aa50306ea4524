using System.Runtime.Serialization;

namespace Hubbub.Backplane.Client;

/// <summary>The server's answer to a connection that wants to go on where the one before ended.</summary>
/// <param name="Resumed">True if everything missed follows; false if the application has to load its state anew.</param>
/// <param name="Replayed">How many missed calls follow.</param>
/// <param name="Reason">
/// Why not: <c>new</c> for the first connection, <c>trimmed</c> if what was missed is no longer kept, <c>epoch</c> if the log has lost records, <c>invalid</c>
/// for a cursor of another log, <c>unsupported</c> if the server has no log. Null if resumed.
/// </param>
[DataContract]
public sealed record Resumption(
    [property: DataMember(Name = "resumed")] bool Resumed,
    [property: DataMember(Name = "replayed")] int Replayed,
    [property: DataMember(Name = "reason")] string? Reason);

namespace Hubbub.Backplane.Resuming;

/// <summary>The argument of the client's method <c>Resumed</c>, the first call on a connection that wants to resume.</summary>
/// <param name="Resumed">True if everything missed follows; false if the client has to reload its snapshot.</param>
/// <param name="Replayed">How many missed messages follow.</param>
/// <param name="Reason">Why not: <c>new</c>, <c>trimmed</c>, <c>epoch</c> or <c>invalid</c>; null if resumed.</param>
public sealed record Resumption(bool Resumed, int Replayed, string? Reason)
{
    /// <summary>The client came without a position.</summary>
    public const string New = "new";

    /// <summary>The records after the position are no longer kept, or are more than one resume may replay.</summary>
    public const string Trimmed = "trimmed";

    /// <summary>
    /// The store has lost records since: the epoch is another one, or another record stands at the offset now, or none yet.
    /// </summary>
    public const string Epoch = "epoch";

    /// <summary>That is no position of this log.</summary>
    public const string Invalid = "invalid";

    /// <summary>
    /// The argument as it is serialised: a dictionary has these names in every hub protocol, whatever the application makes of the names of properties.
    /// </summary>
    internal Dictionary<string, object?> ToArgument() =>
        new(StringComparer.Ordinal) { ["resumed"] = Resumed, ["replayed"] = Replayed, ["reason"] = Reason };
}

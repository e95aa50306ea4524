namespace Hubbub.Backplane.Log;

/// <summary>A store's notification of an append: a hint, which may be lost, late, doubled or without cause.</summary>
/// <param name="Epoch">The epoch then; empty if it is not known.</param>
/// <param name="Tail">The last offset then; 0 if it is not known, and there may be anything to read.</param>
/// <param name="Entries">
/// Empty, or what was appended, consecutive up to <paramref name="Tail"/>: a reader that stands right before it need not ask for it.
/// </param>
public sealed record LogNotice(string Epoch, long Tail, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>The server process that stored the records (<see cref="LogExtent.Incarnation"/>).</summary>
    public string Incarnation { get; init; } = "";

    /// <summary>Says only that there may be something to read.</summary>
    public static LogNotice Unknown { get; } = new("", 0, []);

    /// <summary>Says how far the log goes.</summary>
    public static LogNotice UpTo(long tail) => new("", tail, []);
}

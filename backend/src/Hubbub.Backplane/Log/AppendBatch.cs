namespace Hubbub.Backplane.Log;

/// <summary>Records that one producer appends together.</summary>
/// <param name="ProducerId">Names the appender for the life of its process; unique in the cluster, at most 64 characters.</param>
/// <param name="Sequence">Rises by one with each batch of the producer, from 1. A batch repeated after an unclear failure keeps its number.</param>
/// <param name="Records">At least one.</param>
public sealed record AppendBatch(string ProducerId, long Sequence, IReadOnlyList<NewRecord> Records)
{
    /// <summary>If not empty, the only epoch of the stream in which the batch is to be stored.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>If not empty, the only incarnation of the server (<see cref="LogExtent.Incarnation"/>) that is to store the batch.</summary>
    public string Incarnation { get; init; } = "";
}

/// <summary>A record on its way into the log.</summary>
/// <param name="Body">Its bytes, which the store does not look into.</param>
/// <param name="Key">Null, or what makes the record unique among those still kept: a second one with the same key is left out.</param>
public readonly record struct NewRecord(ReadOnlyMemory<byte> Body, string? Key);

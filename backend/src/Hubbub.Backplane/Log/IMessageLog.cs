namespace Hubbub.Backplane.Log;

/// <summary>
/// An ordered log of opaque records, one stream a hub. Correctness of the backplane rests on <see cref="AppendAsync"/> and
/// <see cref="ReadAsync"/> alone; the notifications of <see cref="Subscribe"/> only make it fast.
/// </summary>
/// <remarks>
/// Every implementation holds the same specification (<c>MessageLogSpecification</c> in the tests):
/// offsets of a stream are 1, 2, 3, … without a hole, in the order of commit; once a reader has seen offset <c>n</c>, nothing at or below
/// <c>n</c> appears later; an epoch names one unbroken life of the stream's offsets.
/// All members may be called from any thread. A store that cannot be reached makes them throw <see cref="MessageLogUnavailableException"/>;
/// after that an append may or may not have been stored, and is to be repeated with the same producer sequence.
/// </remarks>
public interface IMessageLog : IAsyncDisposable
{
    /// <summary>Creates the stream if it is not there yet and tells where it stands.</summary>
    ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a batch: all of it or nothing, as the next offsets. A batch whose producer sequence is already stored changes nothing,
    /// and a record whose key is already in the retained log is left out. A batch for another epoch or incarnation than the present one, which
    /// the result names, changes nothing.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Reads records after <paramref name="after"/>, oldest first, at most <paramref name="maxRecords"/> and as many as fit into about
    /// 1 MiB, but at least one if there is one.
    /// If <paramref name="after"/> is below the first offset still kept, the result starts there: the caller compares.
    /// </summary>
    ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken);

    /// <summary>Deletes the records up to and including <paramref name="upTo"/>. The last record of a stream always stays.</summary>
    ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the stream a new epoch if it still has <paramref name="expectedEpoch"/>: called by whoever finds that the store has lost
    /// records, so that no old position is mistaken for a new one. Offsets go on from where the store stands.
    /// </summary>
    ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken);

    /// <summary>
    /// Calls <paramref name="notify"/> soon after an append by anyone. It is a hint: it may be lost, late, doubled or without cause; only what it
    /// says of records, if it says anything, is true. The callback must not block. Dispose the result to stop.
    /// </summary>
    IDisposable Subscribe(string stream, Action<LogNotice> notify);
}

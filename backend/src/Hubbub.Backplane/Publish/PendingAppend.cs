using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Publish;

/// <summary>A group of records that one send stores together, and the task of the sender that waits for it.</summary>
internal sealed class PendingAppend(IReadOnlyList<NewRecord> records, long expires)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public IReadOnlyList<NewRecord> Records { get; } = records;

    public long Bytes { get; } = records.Sum(r => (long)r.Body.Length);

    /// <summary>The time stamp after which its sender no longer waits.</summary>
    public long Expires { get; } = expires;
}

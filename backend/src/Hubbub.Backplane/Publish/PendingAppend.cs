using System.Diagnostics;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Publish;

/// <summary>A group of records that one send stores together, and the task of the sender that waits for it.</summary>
/// <param name="records">The records.</param>
/// <param name="epoch">The stream's epoch when they were sent; empty if it was not known yet.</param>
/// <param name="expires">The time stamp after which its sender no longer waits.</param>
internal sealed class PendingAppend(IReadOnlyList<NewRecord> records, string epoch, long expires)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public IReadOnlyList<NewRecord> Records { get; } = records;

    public long Bytes { get; } = records.Sum(r => (long)r.Body.Length);

    public string Epoch { get; } = epoch;

    /// <summary>Whether somebody else may have stored it too, which only the keys tell, and those are lost with the records.</summary>
    public bool HasKey { get; } = records.Any(r => r.Key is not null);

    public long Expires { get; } = expires;

    /// <summary>The span of the send; null if it is not traced.</summary>
    public Activity? Sender { get; init; }
}

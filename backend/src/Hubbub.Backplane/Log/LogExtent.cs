namespace Hubbub.Backplane.Log;

/// <summary>Where a stream stands.</summary>
/// <param name="Epoch">Names one unbroken life of the offsets; compared for equality only. 1 to 32 characters out of a-z and 0-9.</param>
/// <param name="First">The first offset still kept, <c>Tail + 1</c> if there is none.</param>
/// <param name="Tail">The last offset given, 0 if there is none.</param>
/// <param name="Incarnation">
/// Names the server process that answered, where the store can tell, else empty; compared for equality only. Another one may have lost
/// records, so what is known is compared with what it has (<see cref="StreamLife"/>).
/// </param>
public sealed record LogExtent(string Epoch, long First, long Tail, string Incarnation = "")
{
    /// <summary>A name for a new epoch, unique for all practical purposes.</summary>
    public static string NewEpoch() => Guid.CreateVersion7().ToString("n")[..20];
}

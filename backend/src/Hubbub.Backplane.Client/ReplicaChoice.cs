namespace Hubbub.Backplane.Client;

/// <summary>
/// The order in which replicas are tried: at random, so that the clients of a dead replica spread over the others, and those last that failed or were left a
/// moment ago, because they may be back.
/// </summary>
/// <param name="replicas">All of them.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplicaChoice(IReadOnlyList<Uri> replicas, TimeProvider time)
{
    private static readonly TimeSpan SuspectFor = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Uri, long> _suspectedAt = [];

    /// <summary>All replicas in the order in which to try them now.</summary>
    public IReadOnlyList<Uri> Candidates()
    {
        var order = replicas.ToArray();
#pragma warning disable CA5394 // Nobody gains by guessing it.
        Random.Shared.Shuffle(order);
#pragma warning restore CA5394
        return [.. order.OrderBy(SuspectedAt)];
    }

    /// <summary>This replica did not answer, or its connection was lost.</summary>
    public void Suspect(Uri replica) => _suspectedAt[replica] = time.GetTimestamp();

    /// <summary>This replica answers.</summary>
    public void Trust(Uri replica) => _suspectedAt.Remove(replica);

    // Of those suspected the one that was so longest comes first.
    private long SuspectedAt(Uri replica) =>
        _suspectedAt.TryGetValue(replica, out var at) && time.GetElapsedTime(at) < SuspectFor ? at : long.MinValue;
}

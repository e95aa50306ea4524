using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Resuming;

/// <summary>Which records a connection that comes back gets: what it would get if it had been there, as the member it is now.</summary>
/// <param name="ConnectionId">The new connection.</param>
/// <param name="Previous">The connection it replaces, so that it stays excluded from what that was excluded from.</param>
/// <param name="UserId">Its user, if it has one.</param>
/// <param name="Groups">The groups it is in once the hub's <c>OnConnectedAsync</c> has run.</param>
/// <param name="ReplicaId">The replica it is on.</param>
internal sealed record Entitlement(string ConnectionId, string Previous, string? UserId, IReadOnlySet<string> Groups, string ReplicaId)
{
    public bool Covers(LogRecord record) =>
        IsFor(record) && !record.Excluded.Any(id => id == ConnectionId || (Previous.Length > 0 && id == Previous));

    private bool IsFor(LogRecord record) => record.Kind switch
    {
        RecordKind.All => true,
        RecordKind.Group => Groups.Contains(record.Target),
        RecordKind.User => record.Target == UserId,
        RecordKind.Connection => record.Target == ConnectionId && (record.OnlyOn.Length == 0 || record.OnlyOn == ReplicaId),
        _ => false,
    };
}

namespace Hubbub.Server.Cluster;

/// <summary>Is told of connections that ended without their hub's <c>OnDisconnectedAsync</c>: their replica died. Register any number.</summary>
internal interface IConnectionsLost
{
    /// <summary>
    /// Called on exactly one replica at a time, with up to 500 connections. They no longer count as live. If it throws, or the replica
    /// dies in it, it is called again with the same connections, here or on another replica: it has to bear repetition.
    /// </summary>
    Task ConnectionsLostAsync(IReadOnlyList<TrackedConnection> connections, CancellationToken cancellationToken);
}

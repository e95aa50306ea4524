namespace Hubbub.Server.Cluster;

/// <summary>A hub connection as all replicas know it.</summary>
internal sealed record TrackedConnection(string ConnectionId, string Hub, Guid UserId);

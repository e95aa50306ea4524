namespace Hubbub.Backplane.ClientResults;

/// <summary>A call that another replica made to a connection of this one.</summary>
/// <param name="InvocationId">Unique in the cluster.</param>
/// <param name="ConnectionId">The connection that was called.</param>
/// <param name="Caller">The replica that waits for the result.</param>
internal sealed record ForwardedCall(string InvocationId, string ConnectionId, string Caller);

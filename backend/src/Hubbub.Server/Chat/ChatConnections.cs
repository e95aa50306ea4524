using Hubbub.Server.Cluster;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Chat;

/// <summary>What happens when a device connects to the chat and when it goes.</summary>
internal sealed class ChatConnections(
    ConnectionDirectory directory,
    ChatRooms rooms,
    MembershipSync memberships,
    PresenceWatch presence,
    IHubContext<ChatHub, IChatClient> hub)
{
    /// <summary>Puts a connection into the groups of all rooms of its user.</summary>
    public async Task EnterAsync(string connectionId, Guid userId, CancellationToken cancellationToken)
    {
        // The order matters. Whoever changes a membership first stores it and then looks for connections; this first makes the connection
        // known and then looks for memberships. So one of the two sees the other.
        await directory.AddAsync(ChatHub.Route, connectionId, userId, cancellationToken);
        var before = await rooms.MembershipsAsync(userId, cancellationToken);
        await Task.WhenAll(before.Select(room => hub.Groups.AddToGroupAsync(connectionId, Room.GroupOf(room), cancellationToken)));

        // A membership that ended meanwhile may have been taken from this connection before it was given.
        var after = await rooms.MembershipsAsync(userId, cancellationToken);
        foreach (var room in before.Except(after))
            await memberships.SettleAsync(room, userId, cancellationToken);

        presence.Look(userId);
    }

    /// <summary>Forgets a connection, also one that did not come all the way in.</summary>
    public async Task LeaveAsync(string connectionId, Guid userId)
    {
        await directory.RemoveAsync(connectionId);
        presence.LookLater(userId);
    }
}

using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.TestReplica;

/// <summary>A hub with one room, which everybody enters.</summary>
internal sealed class RoomHub : Hub
{
    private const string Room = "room";

    /// <summary>Returns when the message is stored.</summary>
    public Task Say(int number) => Clients.Group(Room).SendAsync("Say", number);

    public override Task OnConnectedAsync() => Groups.AddToGroupAsync(Context.ConnectionId, Room);
}

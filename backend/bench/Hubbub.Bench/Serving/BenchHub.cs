using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Bench.Serving;

/// <summary>The same trivial hub for every system under test: it stores nothing of its own.</summary>
internal sealed class BenchHub : Hub
{
    public override async Task OnConnectedAsync()
    {
        if (Context.GetHttpContext()?.Request.Query["room"].ToString() is { Length: > 0 } room)
            await Groups.AddToGroupAsync(Context.ConnectionId, room);
        await base.OnConnectedAsync();
    }

    /// <summary>Sends a text to everyone in a room.</summary>
    public Task Publish(string room, string text) => Clients.Group(room).SendAsync("M", text);
}

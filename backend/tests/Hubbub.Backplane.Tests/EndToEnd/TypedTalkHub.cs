using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>A hub whose clients are an interface.</summary>
public sealed class TypedTalkHub : Hub<ITalkClient>
{
    public string Here() => Context.ConnectionId;

    public Task SayToAll(string text) => Clients.All.Say(text);

    public Task<int> Ask(string connectionId, int number) => Clients.Client(connectionId).Ask(number);
}

using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>An ordinary hub.</summary>
public sealed class TalkHub(Outcomes outcomes) : Hub
{
    /// <summary>Returns the connection at once. The first answer also says that <see cref="OnConnectedAsync"/> has run.</summary>
    public string Here() => Context.ConnectionId;

    public Task SayToAll(string text) => Clients.All.SendAsync("Say", text);

    public Task SayToGroup(string group, string text) => Clients.Group(group).SendAsync("Say", text);

    public Task SayToUser(string user, string text) => Clients.User(user).SendAsync("Say", text);

    public Task Enter(string group) => Groups.AddToGroupAsync(Context.ConnectionId, group);

    /// <summary>Asks a client and returns its answer; stops waiting when its caller has gone.</summary>
    public async Task<int> Ask(string connectionId, int number)
    {
        try
        {
            return await Clients.Client(connectionId).InvokeAsync<int>("Ask", number, Context.ConnectionAborted);
        }
        catch (Exception e)
        {
            outcomes.Note(e);
            throw;
        }
    }

    public Task<int> AskCaller(int number) => Clients.Caller.InvokeAsync<int>("Ask", number, Context.ConnectionAborted);

    /// <summary>Streams a client's answers.</summary>
    public async IAsyncEnumerable<int> AskOneAfterTheOther(string connectionId, int count)
    {
        for (var i = 1; i <= count; i++)
            yield return await Clients.Client(connectionId).InvokeAsync<int>("Ask", i, Context.ConnectionAborted);
    }

    /// <summary>Asks a client for each number streamed by the caller and returns the sum of its answers.</summary>
    public async Task<int> AskForEach(string connectionId, IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers)
            sum += await Clients.Client(connectionId).InvokeAsync<int>("Ask", number, Context.ConnectionAborted);
        return sum;
    }

    public override async Task OnConnectedAsync()
    {
        if (Query("askOnConnected") is { Length: > 0 } connectionId)
            outcomes.Note(await Record.ExceptionAsync(() => Clients.Client(connectionId).InvokeAsync<int>("Ask", 1, default)));
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        if (Query("askOnDisconnected") is not { Length: > 0 } connectionId)
            return;
        if (connectionId == "caller")
            connectionId = Context.ConnectionId;
        outcomes.Note(await Record.ExceptionAsync(() => Clients.Client(connectionId).InvokeAsync<int>("Ask", 1, default)));
    }

    private string? Query(string name) => Context.GetHttpContext()?.Request.Query[name];
}

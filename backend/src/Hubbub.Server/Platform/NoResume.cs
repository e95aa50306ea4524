using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Platform;

/// <summary>
/// Tells a connection that asks to resume that this backplane cannot. It does so once the hub's <c>OnConnectedAsync</c> has run: a snapshot
/// that the client loads from then on, and what the connection is sent, overlap and leave no gap between them.
/// </summary>
internal sealed class NoResume(BackplaneChoice backplane) : IHubFilter
{
    private const string Parameter = "cursor";

    /// <inheritdoc />
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        await next(context);
        var query = context.Context.GetHttpContext()?.Request.Query;
        if (query?.ContainsKey(Parameter) == true && !context.Context.ConnectionAborted.IsCancellationRequested)
        {
            var answer = new Answer(Resumed: false, Replayed: 0, "unsupported", backplane.Name);
            await context.Hub.Clients.Caller.SendAsync("Resumed", answer, context.Context.ConnectionAborted);
        }
    }

    private sealed record Answer(bool Resumed, int Replayed, string Reason, string Backplane);
}

using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Resuming;

/// <summary>Starts the flow of messages to a connection that wants to resume once its hub's <c>OnConnectedAsync</c> has run, and not before.</summary>
internal sealed class ResumeFilter : IHubFilter
{
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.Context.ConnectionAborted.IsCancellationRequested)
        {
            // The connection is closing, perhaps because it was dropped. The exception would make SignalR tell the client not to come back.
            return;
        }

        if (context.Context.Features.Get<IPendingResume>() is { } resume)
            await resume.StartAsync();
    }
}

/// <summary>A connection that waits for <see cref="ResumeFilter"/>.</summary>
internal interface IPendingResume
{
    Task StartAsync();
}

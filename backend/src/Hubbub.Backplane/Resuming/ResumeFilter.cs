using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Resuming;

/// <summary>Starts the flow of messages to a connection that wants to resume once its hub's <c>OnConnectedAsync</c> has run, and not before.</summary>
internal sealed class ResumeFilter : IHubFilter
{
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        await next(context);
        if (context.Context.Features.Get<IPendingResume>() is { } resume)
            await resume.StartAsync();
    }
}

/// <summary>A connection that waits for <see cref="ResumeFilter"/>.</summary>
internal interface IPendingResume
{
    Task StartAsync();
}

using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Platform;

/// <summary>Drops a connection that a hub could not let in; its client comes back.</summary>
internal sealed partial class HubEntrance(ILogger<HubEntrance> logger) : IHubFilter
{
    /// <inheritdoc />
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        try
        {
            await next(context);
        }
#pragma warning disable CA1031 // Whatever failed, the client may try again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // To throw would send a close message that forbids to reconnect, and would skip OnDisconnectedAsync.
            if (!context.Context.ConnectionAborted.IsCancellationRequested)
                Log.NotEntered(logger, context.Context.ConnectionId, context.Hub.GetType().Name, e);
            context.Context.Abort();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Connection {ConnectionId} could not enter {Hub} and is dropped", EventName = "NotEntered")]
        public static partial void NotEntered(ILogger logger, string connectionId, string hub, Exception exception);
    }
}

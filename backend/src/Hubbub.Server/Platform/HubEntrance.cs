using Hubbub.Backplane;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Platform;

/// <summary>Drops a connection that a hub could not let in; its client comes back.</summary>
internal sealed partial class HubEntrance(TimeProvider time, ILogger<HubEntrance> logger) : IHubFilter
{
    private readonly Outage _outage = new(time);

    /// <inheritdoc />
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        try
        {
            await next(context);
            _outage.End();
        }
#pragma warning disable CA1031 // Whatever failed, the client may try again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // To throw or to abort would send a close message that forbids the client to reconnect; to throw would skip OnDisconnectedAsync too.
            if (!context.Context.ConnectionAborted.IsCancellationRequested)
            {
                var level = _outage.Fail();
                Log.NotEntered(logger, level, context.Context.ConnectionId, context.Hub.GetType().Name, e);
            }

            context.Context.RequestClose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "NotEntered", Message = "Connection {ConnectionId} could not enter {Hub} and is dropped")]
        public static partial void NotEntered(ILogger logger, LogLevel level, string connectionId, string hub, Exception exception);
    }
}

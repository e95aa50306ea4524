using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane;

/// <summary>What a hub may want of a connection besides what SignalR offers.</summary>
public static class HubCallerContextExtensions
{
    /// <summary>
    /// Closes a connection whose client may come back: clients with automatic reconnect do. <see cref="HubCallerContext.Abort"/> and an exception
    /// in <c>OnConnectedAsync</c> tell them not to. The connection closes soon after this returns, and <c>OnDisconnectedAsync</c> runs. Where the
    /// host cannot be asked, the connection is aborted.
    /// </summary>
    /// <param name="context">The connection.</param>
    public static void RequestClose(this HubCallerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
            lifetime.RequestClose();
        else
            context.Abort();
    }
}

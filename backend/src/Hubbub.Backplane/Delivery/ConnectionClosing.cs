using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// Ends a connection whose client may come back. SignalR's own <see cref="HubConnectionContext.Abort"/> sends a close message that forbids
/// clients to reconnect, so it is used for nothing here but connections of a host that offers no other way.
/// </summary>
internal sealed class ConnectionClosing : IDisposable
{
    private readonly HubConnectionContext _connection;
    private readonly ITimer _limit;

    private ConnectionClosing(HubConnectionContext connection, TimeSpan limit, TimeProvider time)
    {
        _connection = connection;
        _limit = time.CreateTimer(_ => Cut(), null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Asks the connection to close with a message that allows the client to reconnect. The message waits behind what SignalR and the network
    /// have taken already; if the connection has not ended within the limit, its transport is cut, and the client sees a lost connection.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="limit">How long the connection may take to end.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <returns>To be disposed when the connection has ended.</returns>
    public static ConnectionClosing Begin(HubConnectionContext connection, TimeSpan limit, TimeProvider time)
    {
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
            lifetime.RequestClose();
        else
            connection.Abort();
        return new ConnectionClosing(connection, limit, time);
    }

    public void Dispose() => _limit.Dispose();

    /// <summary>
    /// Ends the request that carries the connection. A long-polling connection that is not read has no such request: SignalR ends it when the
    /// client has not polled for a while.
    /// </summary>
    private void Cut()
    {
        try
        {
            _connection.Features.Get<IHttpContextFeature>()?.HttpContext?.Abort();
        }
        catch (ObjectDisposedException)
        {
            // The request ended at the same moment.
        }
    }
}

using Hubbub.Server.Accounts;
using Hubbub.Server.Platform.MessagePackPayloads;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Platform;

/// <summary>SignalR as Hubbub uses it.</summary>
internal static class Realtime
{
    // A text of 4,000 characters, each escaped as \uXXXX, and what is around it.
    private const int MaxCallBytes = 32 * 1024;

    /// <summary>Registers the hubs' machinery.</summary>
    public static void AddRealtime(this IHostApplicationBuilder builder)
    {
        var signalR = builder.Services.AddSignalR(hub =>
        {
            hub.MaximumReceiveMessageSize = MaxCallBytes;
            hub.KeepAliveInterval = TimeSpan.FromSeconds(5);
            // Twice the interval at which SignalR's own clients give a sign of life: with the same, a busy moment would cut them off.
            hub.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            hub.HandshakeTimeout = TimeSpan.FromSeconds(10);
        });
        signalR.AddMessagePack();
        builder.Services.AddSingleton<IUserIdProvider, HubUserIds>();
        builder.AddBackplane(signalR);

        // Behind the backplane's own filter, which goes on with a connection only once the hub has had its turn.
        builder.Services.AddSingleton<HubEntrance>().Configure<HubOptions>(hub => hub.AddFilter<HubEntrance>());
    }

    /// <summary>Maps a hub as every hub is to be mapped: for people who are signed in, and no longer than their token is valid.</summary>
    /// <param name="app">Where to map it.</param>
    /// <param name="pattern">Its route, such as <c>/chatHub</c>.</param>
    public static HubEndpointConventionBuilder MapRealtimeHub<THub>(this IEndpointRouteBuilder app, string pattern)
        where THub : Hub
    {
        var endpoint = app.MapHub<THub>(pattern, connection =>
        {
            // The client comes back with a fresh token and goes on where it was.
            connection.CloseOnAuthenticationExpiration = true;
            // For clients that ask for it: what a short cut of the network takes is sent again without a new connection.
            connection.AllowStatefulReconnects = true;
            connection.ApplicationMaxBufferSize = MaxCallBytes;
            connection.LongPolling.PollTimeout = TimeSpan.FromSeconds(30);
        });
        endpoint.RequireAuthorization();
        if (app.ServiceProvider.GetRequiredService<ChosenBackplane>().Choice is BackplaneChoice.Azure)
            endpoint.RefuseDirectConnections();
        return endpoint;
    }
}

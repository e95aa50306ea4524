using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Platform;

/// <summary>How much one replica takes from anybody.</summary>
internal static class ServerLimits
{
    private const long MaxApiBody = 64 * 1024;

    // A client without WebSockets posts all the calls that piled up meanwhile in one body; each of them has the hub's own limit.
    private const long MaxHubBody = 1024 * 1024;

    /// <summary>Limits of the server itself.</summary>
    public static void Set(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = MaxApiBody;
        server.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        server.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        server.Limits.MaxConcurrentConnections = 20_000;
        server.Limits.MaxConcurrentUpgradedConnections = 20_000;
    }

    /// <summary>Limits that depend on where a request goes. After routing.</summary>
    public static Task SetForEndpoint(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is not null
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxHubBody;
        }

        return next(context);
    }
}

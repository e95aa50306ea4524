using System.Security.Claims;
using Hubbub.Server.Accounts;
using Hubbub.Server.Data;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Azure.SignalR;
using Microsoft.Azure.SignalR.Common;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Platform;

/// <summary>The service that clients connect to.</summary>
/// <param name="Origin">Scheme, host and port, without a slash at the end.</param>
internal sealed record AzureService(string Origin);

/// <summary>
/// Azure SignalR Service as the backplane. Clients negotiate with a replica and connect to the service, which passes their calls to the replicas
/// over connections that these have opened.
/// </summary>
internal static class AzureSignalR
{
    private const string Setting = "Azure__SignalR__ConnectionString";
    private const string Form = "Endpoint=https://NAME.service.signalr.net;AccessKey=KEY;Version=1.0;";

    // The service may rename claims as a token library does, "sub" to a long URI for one. Those that begin with this it returns as they are,
    // and the package takes the prefix off.
    private const string AsItIs = "asrs.u.";

    // The package waits this long for the service to let go of the replica's connections, before the host begins to stop everything else.
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(5);

    /// <summary>Registers it for all hubs, with its readiness. The section <c>Azure:SignalR</c> may hold other settings of the package.</summary>
    /// <param name="signalR">Where the hubs are registered.</param>
    /// <param name="configuration">Where <c>Azure:SignalR:ConnectionString</c> is.</param>
    /// <returns>The package's lifetime manager.</returns>
    /// <exception cref="StartException">The connection string is missing or wrong.</exception>
    public static LoglessBackplane AddAzure(this ISignalRServerBuilder signalR, IConfiguration configuration)
    {
        var endpoint = Parse(configuration["Azure:SignalR:ConnectionString"]);
        var services = signalR.Services;
        services.AddSingleton(new AzureService(endpoint.ClientEndpoint.GetLeftPart(UriPartial.Authority)));

        // Both before the package's own: it keeps a router that is there, and its settings from the configuration win over these.
        services.AddSingleton<IEndpointRouter, AzureRouter>();
        services.AddOptions<ServiceOptions>().Configure<IOptions<AccountOptions>>((service, accounts) =>
        {
            service.ClaimsProvider = Claims;
            service.AccessTokenLifetime = accounts.Value.AccessTokenLifetime;
            service.GracefulShutdown.Timeout = ShutdownPatience;

            // The app shows the replica that it negotiated with.
            service.ServerStickyMode = ServerStickyMode.Preferred;
        });
        signalR.AddAzureSignalR();
        services.AddHealthChecks().AddCheck<AzureHealth>("backplane", tags: ["ready"], timeout: AzureHealth.Patience);
        return new LoglessBackplane(services.Last(s => s.ServiceType == typeof(HubLifetimeManager<>)).ImplementationType!, IsAway);
    }

    /// <summary>
    /// Refuses clients that skip the negotiation and connect to the replica itself. The service does not know them: calls to groups and users
    /// would not reach them.
    /// </summary>
    public static void RefuseDirectConnections(this HubEndpointConventionBuilder hub) =>
        hub.Add(endpoint =>
        {
            if (!endpoint.Metadata.OfType<NegotiateMetadata>().Any())
                endpoint.RequestDelegate = RefuseAsync;
        });

    private static bool IsAway(Exception e) => e is AzureSignalRException or TimeoutException;

    private static Task RefuseAsync(HttpContext context) =>
        TypedResults.Problem("Connections to this hub go through a service: negotiate first.", statusCode: StatusCodes.Status400BadRequest)
            .ExecuteAsync(context);

    // What the hubs read, and nothing else: the service keeps it as long as the connection lasts.
    private static IEnumerable<Claim> Claims(HttpContext context) =>
        context.User.Claims
            .Where(claim => claim.Type is Principals.IdClaim or Principals.NameClaim or Principals.RoleClaim)
            .Select(claim => new Claim(AsItIs + claim.Type, claim.Value));

    private static ServiceEndpoint Parse(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            throw new StartException($"No Azure SignalR Service: set {Setting} to its connection string, {Form}");

        try
        {
            // Without either, the package would try all the ways in which a machine may have an identity at Azure.
            if (Has(connectionString, "AccessKey") || Has(connectionString, "AuthType"))
                return new ServiceEndpoint(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Its message may quote the string, of which a part is the key.
        }

        throw new StartException($"{Setting} is not a connection string of Azure SignalR Service; it has to be of the form {Form}");
    }

    private static bool Has(string connectionString, string property) =>
        connectionString.Split(';').Select(part => part.Split('=', 2))
            .Any(part => part.Length == 2 && part[0].Trim().Equals(property, StringComparison.OrdinalIgnoreCase) && part[1].Trim().Length > 0);
}

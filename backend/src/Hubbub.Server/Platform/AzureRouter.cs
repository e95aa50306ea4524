using Hubbub.Backplane;
using Microsoft.Azure.SignalR;
using Microsoft.Azure.SignalR.Common;

namespace Hubbub.Server.Platform;

/// <summary>Makes it an error, for negotiations and sends alike, that the service is away.</summary>
internal sealed class AzureRouter : EndpointRouterDecorator
{
    /// <inheritdoc />
    /// <exception cref="BackplaneUnavailableException">This replica has no connection to the service. The package would answer 500.</exception>
    public override ServiceEndpoint GetNegotiateEndpoint(HttpContext context, IEnumerable<ServiceEndpoint> endpoints)
    {
        try
        {
            return base.GetNegotiateEndpoint(context, endpoints);
        }
        catch (AzureSignalRNotConnectedException e)
        {
            throw new BackplaneUnavailableException("Azure SignalR Service could not be reached.", e);
        }
    }

    // The inherited ones leave out endpoints that are offline, and what is sent to no endpoint is dropped as if it had been sent. With all of
    // them the send fails, and what has to be published stays in its outbox.

    /// <inheritdoc />
    public override IEnumerable<ServiceEndpoint> GetEndpointsForBroadcast(IEnumerable<ServiceEndpoint> endpoints) => endpoints;

    /// <inheritdoc />
    public override IEnumerable<ServiceEndpoint> GetEndpointsForConnection(string connectionId, IEnumerable<ServiceEndpoint> endpoints) => endpoints;

    /// <inheritdoc />
    public override IEnumerable<ServiceEndpoint> GetEndpointsForGroup(string groupName, IEnumerable<ServiceEndpoint> endpoints) => endpoints;

    /// <inheritdoc />
    public override IEnumerable<ServiceEndpoint> GetEndpointsForUser(string userId, IEnumerable<ServiceEndpoint> endpoints) => endpoints;
}

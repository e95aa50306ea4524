using Hubbub.Backplane;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hubbub.Server.Platform;

/// <summary>
/// Whether the service answers this replica on the connections of every hub: it confirms each time that a connection which does not exist is in no
/// group. Whether clients reach the service is theirs to find out.
/// </summary>
internal sealed class AzureHealth(EndpointDataSource endpoints, IServiceProvider services) : IHealthCheck
{
    /// <summary>How long the answers may take together. Shorter than <see cref="LoglessManager{THub}"/> waits for them.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private const string Nobody = "hubbub-health";

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.WhenAll(Hubs().Select(hub => hub.Groups.RemoveFromGroupAsync(Nobody, Nobody, cancellationToken)))
                .WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (BackplaneUnavailableException e)
        {
            return HealthCheckResult.Unhealthy("Azure SignalR Service could not be reached.", e);
        }
    }

    private IEnumerable<IHubContext> Hubs() =>
        endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType)
            .OfType<Type>()
            .Distinct()
            .Select(hub => (IHubContext)services.GetRequiredService(typeof(IHubContext<>).MakeGenericType(hub)));
}

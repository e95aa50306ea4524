using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hubbub.Backplane;

/// <summary>
/// Starts reading the log of every mapped hub when the application has started, and not only at the first connection: a replica that
/// cannot reach the store says so before anyone connects.
/// </summary>
internal sealed class BackplaneStart(IServiceProvider services, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() =>
        {
            var hubs = services.GetRequiredService<EndpointDataSource>().Endpoints
                .Select(endpoint => endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType)
                .OfType<Type>()
                .Distinct();
            foreach (var hub in hubs)
                services.GetRequiredService(typeof(HubLifetimeManager<>).MakeGenericType(hub));
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

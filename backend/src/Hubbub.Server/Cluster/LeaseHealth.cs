using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hubbub.Server.Cluster;

/// <summary>Whether this replica holds a lease and is not stopping, so that it is on the list of replicas.</summary>
internal sealed class LeaseHealth(ReplicaLease lease, IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(this switch
        {
            _ when lifetime.ApplicationStopping.IsCancellationRequested => HealthCheckResult.Unhealthy("The replica is stopping."),
            _ when lease.Id is null => HealthCheckResult.Unhealthy("The replica has no lease yet."),
            _ => HealthCheckResult.Healthy(),
        });
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hubbub.Backplane.Observing;

/// <summary>Unhealthy while the store behind the backplane does not answer.</summary>
public sealed class BackplaneHealthCheck(BackplaneStatus status) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(status.IsAway
            ? HealthCheckResult.Unhealthy($"The backplane's store is away: {status.Reason}")
            : HealthCheckResult.Healthy());
}

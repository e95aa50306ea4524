using Hubbub.Server.Cluster;
using OpenTelemetry.Resources;

namespace Hubbub.Server.Platform;

/// <summary>
/// What all telemetry says about where it comes from. It is asked for before the server listens, because the first log lines come that early: a
/// replica whose name depends on a port that is still to be found has a random <c>service.instance.id</c>, as OpenTelemetry's conventions propose.
/// </summary>
internal sealed class ReplicaResource(IConfiguration configuration) : IResourceDetector
{
    /// <inheritdoc />
    public Resource Detect() => ResourceBuilder.CreateEmpty()
        .AddService("hubbub", serviceVersion: ReplicaIdentity.Version, serviceInstanceId: ReplicaIdentity.NameBeforeStart(configuration))
        .Build();
}

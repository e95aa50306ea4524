using Hubbub.Server.Cluster.Leadership;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hubbub.Server.Cluster;

/// <summary>The replicas: who lives, who is connected to whom.</summary>
internal static class ClusterEndpoints
{
    /// <summary>Registers <see cref="ReplicaIdentity"/>, <see cref="ConnectionDirectory"/> and what keeps them true.</summary>
    public static void AddCluster(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReplicaOptions>().BindConfiguration("Replica").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ReplicaIdentity>();
        builder.Services.AddSingleton<ReplicaLease>();
        builder.Services.AddSingleton<ReplicaList>();
        builder.Services.AddSingleton<ReplicaOrigins>();
        builder.Services.AddSingleton<ReplicaSweep>();
        builder.Services.AddSingleton<ConnectionDirectory>();
        builder.Services.AddSingleton<ReplicaHeartbeat>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ReplicaHeartbeat>());
        builder.Services.AddOptions<LeadershipOptions>().BindConfiguration(LeadershipOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LeaderConnections>();
        builder.Services.AddSingleton<LeaderElection>();
        builder.Services.AddHealthChecks().AddCheck<LeaseHealth>("lease", tags: ["ready"]);
    }

    /// <summary>Maps <c>GET /api/replicas</c>.</summary>
    public static void MapCluster(this IEndpointRouteBuilder app) =>
        app.MapApi("/api/replicas", "Replicas").MapGet("/", List).AllowAnonymous().Describe("ListReplicas", "The replicas that are alive, by name.");

    private static async Task<Ok<IReadOnlyList<Replica>>> List(ReplicaList replicas, CancellationToken cancellationToken) =>
        TypedResults.Ok(await replicas.ReadAsync(cancellationToken));
}

using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Hubbub.Server.Platform;

/// <summary>Lets a page that one replica served call another one, with cookies.</summary>
internal sealed class CorsOfReplicas(AllowedOrigins origins) : ICorsPolicyProvider
{
    private static readonly CorsPolicy Nobody = new();

    /// <inheritdoc />
    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (!await origins.ContainsAsync(origin, context.RequestAborted))
            return Nobody;

        return new CorsPolicyBuilder(origin)
            .AllowAnyHeader()
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .AllowCredentials()
            .WithExposedHeaders(ReplicaHeaders.Replica, "Retry-After", "Location")
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
            .Build();
    }
}

using System.Collections.Frozen;
using Hubbub.Server.Cluster;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Platform;

/// <summary>Section <c>Cors</c>.</summary>
internal sealed class CorsSettings
{
    /// <summary>Origins, <c>https://host:port</c>, whose pages may call this cluster besides those of its replicas.</summary>
    public IList<string> Origins { get; } = [];
}

/// <summary>Whose pages may call this replica with a person's cookies: the replicas' own, and configured ones.</summary>
internal sealed class AllowedOrigins(ReplicaOrigins replicas, IOptions<CorsSettings> settings)
{
    private readonly FrozenSet<string> _configured =
        settings.Value.Origins.Select(o => o.Trim().TrimEnd('/').ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>All of them, as last seen.</summary>
    public IEnumerable<string> Known => _configured.Union(replicas.Known, StringComparer.Ordinal);

    /// <summary>Whether a page of this origin may call. Browsers write origins in lower case without a slash at the end.</summary>
    public async ValueTask<bool> ContainsAsync(string origin, CancellationToken cancellationToken) =>
        _configured.Contains(origin) || await replicas.ContainsAsync(origin, cancellationToken);
}

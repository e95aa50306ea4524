using Hubbub.Server.Data;
using Microsoft.AspNetCore.HttpOverrides;

namespace Hubbub.Server.Platform;

/// <summary>Section <c>Proxy</c>.</summary>
internal sealed class ProxySettings
{
    /// <summary>
    /// Networks, such as <c>10.0.0.0/8</c>, whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed. Without any, nobody's are:
    /// anybody could claim any address then, and the limits by address would be none.
    /// </summary>
    public IList<string> Networks { get; } = [];

    /// <summary>The middleware's options; null if there is no proxy.</summary>
    /// <exception cref="StartException">A network is not written as address/bits.</exception>
    public ForwardedHeadersOptions? ToOptions()
    {
        // An empty entry is what is left of a variable that was not set.
        var networks = Networks.Where(n => !string.IsNullOrWhiteSpace(n)).ToList();
        if (networks.Count == 0)
            return null;

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            options.KnownIPNetworks.Add(System.Net.IPNetwork.TryParse(network, out var parsed)
                ? parsed
                : throw new StartException($"Proxy__Networks: {network} is not a network such as 10.0.0.0/8"));
        }

        return options;
    }
}

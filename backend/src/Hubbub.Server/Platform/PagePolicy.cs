namespace Hubbub.Server.Platform;

/// <summary>The Content-Security-Policy of the app: everything from here, connections to all replicas and to the service that carries them.</summary>
internal sealed class PagePolicy(AllowedOrigins origins, AzureService? azure = null)
{
    private Cached _cached = new([], string.Empty);

    /// <summary>For a page served now. A replica that starts on another host later is reached after the next reload.</summary>
    public string Current
    {
        get
        {
            var known = origins.Known.ToHashSet(StringComparer.Ordinal);
            if (azure is not null)
                known.Add(azure.Origin);
            var cached = _cached;
            if (cached.Text.Length == 0 || !cached.Origins.SetEquals(known))
                _cached = cached = new Cached(known, Build(known));
            return cached.Text;
        }
    }

    // Components bring their styles as style elements, and charts position things by style attributes.
    private static string Build(IEnumerable<string> origins) =>
        $"""
        default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src {string.Join(' ', origins.SelectMany(Connections).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Prepend("'self'"))}; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'
        """;

    private static IEnumerable<string> Connections(string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var url))
            yield break;

        // On one's own machine replicas come and go on any port while a page is open.
        var host = url.IsLoopback ? $"{url.Host}:*" : url.Authority;
        yield return $"{url.Scheme}://{host}";
        yield return $"{(url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws")}://{host}";
    }

    private sealed record Cached(HashSet<string> Origins, string Text);
}

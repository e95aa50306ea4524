using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Hubbub.Server.Platform;

/// <summary>The access token that came in the query of this request.</summary>
internal sealed record QueryToken(string Value);

/// <summary>
/// Takes <c>access_token</c> out of the query of every request before anything sees it that could write the address into a log:
/// the server's own request log, at any level, traces, error reports.
/// </summary>
internal sealed class TokenHidingContextFactory(IServiceProvider services) : IHttpContextFactory
{
    private const string Parameter = "access_token";

    private readonly DefaultHttpContextFactory _inner = new(services);

    /// <inheritdoc />
    public HttpContext Create(IFeatureCollection featureCollection)
    {
        if (featureCollection.Get<IHttpRequestFeature>() is { QueryString.Length: > 1 } request)
            Hide(request, featureCollection);
        return _inner.Create(featureCollection);
    }

    /// <inheritdoc />
    public void Dispose(HttpContext httpContext) => _inner.Dispose(httpContext);

    private static void Hide(IHttpRequestFeature request, IFeatureCollection features)
    {
        string? token = null;
        var rest = new StringBuilder();
        foreach (var pair in new QueryStringEnumerable(request.QueryString))
        {
            if (pair.DecodeName().Span.Equals(Parameter, StringComparison.OrdinalIgnoreCase))
            {
                token = pair.DecodeValue().ToString();
                continue;
            }

            rest.Append(rest.Length == 0 ? '?' : '&').Append(pair.EncodedName);
            if (!pair.EncodedValue.IsEmpty)
                rest.Append('=').Append(pair.EncodedValue);
        }

        if (token is null)
            return;

        request.QueryString = rest.ToString();
        request.RawTarget = request.PathBase + request.Path + request.QueryString;
        features.Set(new QueryToken(token));
    }
}

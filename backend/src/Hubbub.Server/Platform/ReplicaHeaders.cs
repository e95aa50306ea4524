using Hubbub.Server.Cluster;

namespace Hubbub.Server.Platform;

/// <summary>The headers of every response: which replica it is from, and what a browser may do with it.</summary>
internal sealed class ReplicaHeaders(RequestDelegate next, ReplicaIdentity identity, PagePolicy pages)
{
    /// <summary>Names the replica that answered.</summary>
    public const string Replica = "X-Replica";

    public Task InvokeAsync(HttpContext context)
    {
        // At the last moment, because the error handler clears what was set before.
        context.Response.OnStarting(Set, context);
        return next(context);
    }

    private Task Set(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers[Replica] = identity.Name;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        // Older than frame-ancestors, for what does not know that.
        headers.XFrameOptions = "DENY";

        // The API's own page in development brings another one.
        if (headers.ContentSecurityPolicy.Count == 0)
            headers.ContentSecurityPolicy = pages.Current;

        // What the API says is for one person and one moment.
        if (headers.CacheControl.Count == 0 && context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}

namespace Hubbub.Server.Platform;

/// <summary>
/// Refuses what a foreign page makes a browser send, for endpoints that go by a cookie or set one. Clients that are no browsers send no
/// <c>Origin</c> and are let through: they have no cookies of somebody else's.
/// </summary>
internal sealed class OwnPagesOnly(AllowedOrigins origins) : IEndpointFilter
{
    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var origin = request.Headers.Origin.ToString();
        var isOwn = origin.Length == 0
            || origin == $"{request.Scheme}://{request.Host}"
            || await origins.ContainsAsync(origin, context.HttpContext.RequestAborted);
        return isOwn
            ? await next(context)
            : TypedResults.Problem("Pages of this origin may not do this.", statusCode: StatusCodes.Status403Forbidden);
    }
}

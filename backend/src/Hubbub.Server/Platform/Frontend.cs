using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Hubbub.Server.Platform;

/// <summary>The built Angular app, in the folder that <c>Frontend:Root</c> names.</summary>
internal static partial class Frontend
{
    private const string IndexFile = "index.html";

    /// <summary>Finds the app. Null if there is none.</summary>
    public static string? FindFrontend(this WebApplication app)
    {
        var root = Path.GetFullPath(app.Configuration["Frontend:Root"] ?? "wwwroot", app.Environment.ContentRootPath);
        if (File.Exists(Path.Combine(root, IndexFile)))
            return root;
        Log.NoApp(app.Logger, root);
        return null;
    }

    /// <summary>Serves the app's files.</summary>
    public static void UseFrontendFiles(this WebApplication app, string root)
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".webmanifest"] = "application/manifest+json";
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(root),
            ContentTypeProvider = types,
            OnPrepareResponse = SetCaching,
        });
    }

    /// <summary>Answers with the app wherever a person may have typed or bookmarked an address of it. After routing.</summary>
    public static void UseFrontendPages(this WebApplication app, string root)
    {
        var hubs = new Lazy<string[]>(() => [.. HubRoutes(app)]);
        var index = Path.Combine(root, IndexFile);
        app.Use((context, next) =>
        {
            // Not an endpoint of its own: it would hide that an address exists for another method or content type.
            if (context.GetEndpoint() is not null || !IsNavigation(context.Request, hubs.Value))
                return next(context);

            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.PhysicalFile(index, "text/html; charset=utf-8").ExecuteAsync(context);
        });
    }

    // What a browser sends when somebody goes to a page; a script or an image that is missing is not answered with a page.
    private static bool IsNavigation(HttpRequest request, string[] hubs) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && (request.Path == "/" || request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase)))
        && !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(hubs, hub => request.Path.StartsWithSegments(hub, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> HubRoutes(IEndpointRouteBuilder app) => app.DataSources
        .SelectMany(source => source.Endpoints)
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<HubMetadata>() is not null)
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'));

    private static void SetCaching(StaticFileResponseContext context) =>
        context.Context.Response.Headers.CacheControl = HashedName().IsMatch(context.File.Name)
            ? "public, max-age=31536000, immutable"
            : "no-cache";

    // As the Angular build names what it has hashed: main-5FQ2KXJZ.js
    [GeneratedRegex("-[A-Z0-9]{8}\\.[a-z0-9]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HashedName();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "There is no app in {Root}: this replica serves the API and the hubs only", EventName = "FrontendMissing")]
        public static partial void NoApp(ILogger logger, string root);
    }
}

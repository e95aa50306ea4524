using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Hubbub.Server.Platform;

/// <summary>
/// <c>/health/live</c>: the process runs. <c>/health/ready</c>: everything it needs answers; a part of it is a health check with the tag
/// <c>ready</c>, registered by its feature.
/// </summary>
internal static class Health
{
    private const string ReadyTag = "ready";

    /// <summary>Maps both.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains(ReadyTag), ResponseWriter = WriteAsync })
            .AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Status == HealthStatus.Healthy ? "ok" : ReasonOf(e.Value), StringComparer.Ordinal);
        if (report.Status == HealthStatus.Healthy)
            return context.Response.WriteAsJsonAsync(new { status = "ok", checks }, context.RequestAborted);

        var away = report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).Select(e => e.Key).Order(StringComparer.Ordinal);
        return TypedResults.Problem(
            title: "Not ready",
            detail: $"What is missing: {string.Join(", ", away)}.",
            statusCode: StatusCodes.Status503ServiceUnavailable,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["checks"] = checks }).ExecuteAsync(context);
    }

    // A check that ran into its time limit or threw says nothing of its own.
    private static string ReasonOf(HealthReportEntry entry) =>
        entry is { Exception: OperationCanceledException } || string.IsNullOrEmpty(entry.Description) ? "It did not answer in time." : entry.Description;
}

using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hubbub.Server.Platform;

/// <summary>
/// Sends the replica's traces, metrics and logs with OTLP to the collector that <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names. Without that setting nothing
/// is registered, so nothing is measured. OpenTelemetry's other settings, such as <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_SDK_DISABLED</c>, hold too.
/// No token and no text of a person leaves with it: see <see cref="LogRedaction"/> and <see cref="Trace"/>.
/// </summary>
internal static class Telemetry
{
    /// <summary>The setting that switches it on.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // Hubbub's meters and activity sources, those of the backplane included.
    private const string Own = "Hubbub.*";
    private const string SignalR = "Microsoft.AspNetCore.SignalR.Server";

    /// <summary>Registers it where it is wanted.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[EndpointSetting]))
            return;

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddDetector(services => new ReplicaResource(services.GetRequiredService<IConfiguration>()))
                // Once more, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(Own)
                .AddAspNetCoreInstrumentation()
                .AddNpgsqlInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(Trace)
            .WithLogging(logs => logs.AddProcessor(new LogRedaction()))
            .UseOtlpExporter();
    }

    private static void Trace(TracerProviderBuilder traces)
    {
        traces.AddSource(Own, SignalR)
            .AddAspNetCoreInstrumentation(http =>
            {
                http.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);
                // A hub's URL has the connection's token in its query, a list's the words that somebody looks for.
                http.EnrichWithHttpRequest = (activity, _) => activity.SetTag("url.query", null);
            })
            .AddNpgsql();

        // Commands are named, their arguments are not looked at. Those of polls, outside of any trace, would only hide the others.
        traces.AddRedisInstrumentation(redis => redis.Filter = command => command.ParentActivity is not null);
    }
}

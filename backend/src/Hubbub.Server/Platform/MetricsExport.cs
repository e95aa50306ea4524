using Hubbub.Server.Cluster;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Hubbub.Server.Platform;

/// <summary>
/// Sends the replica's metrics with OTLP to the collector that <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names; without that setting nothing is measured for
/// it. The other settings of OpenTelemetry's exporter, such as <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> and <c>OTEL_METRIC_EXPORT_INTERVAL</c>, hold too.
/// </summary>
internal sealed class MetricsExport(ReplicaIdentity replica, IConfiguration configuration, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    /// <summary>The setting that switches it on.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // Hubbub's own, and those of the platform that tell how a replica does.
    private static readonly string[] Meters =
    [
        "Hubbub.*",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http.Connections",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Npgsql",
        "System.Runtime",
    ];

    private MeterProvider? _provider;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Only then is the replica's name known: without a setting it comes from the port that the server got.
        lifetime.ApplicationStarted.Register(Start);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        // What the last interval brought is sent, within the exporter's own time limit.
        _provider?.ForceFlush(timeoutMilliseconds: 2000);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose() => _provider?.Dispose();

    private void Start() => _provider = Sdk.CreateMeterProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(configuration))
        .ConfigureResource(resource => resource.AddService("hubbub", serviceVersion: replica.Version, serviceInstanceId: replica.Name))
        .AddMeter(Meters)
        .AddOtlpExporter()
        .Build();
}

/// <summary>Registers <see cref="MetricsExport"/> where it is wanted.</summary>
internal static class MetricsExportRegistration
{
    public static void AddMetricsExport(this IHostApplicationBuilder builder)
    {
        if (!string.IsNullOrWhiteSpace(builder.Configuration[MetricsExport.EndpointSetting]))
            builder.Services.AddHostedService<MetricsExport>();
    }
}

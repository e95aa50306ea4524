using System.Collections.Concurrent;
using System.Text;
using Hubbub.Server.Platform;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Hubbub.Server.Tests.Platform;

public sealed class MetricsExportTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _received = new();
    private WebApplication _collector = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _collector = builder.Build();
        _collector.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            // Names stand in the protocol's bytes as they are.
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _received.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        await _collector.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task A_replica_with_an_endpoint_sends_the_backplanes_metrics_under_its_name()
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings
        {
            [MetricsExport.EndpointSetting] = _collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["Replica:Name"] = "measured",
        });
        var person = await cluster[0].RegisterAsync();
        await using var hub = await HubClient.ConnectAsync(new Uri(cluster[0].Url, "/chatHub"), person.AccessToken, cursor: "");

        await Eventually.TrueAsync(() => Task.FromResult(_received.Any(body =>
            body.Contains("measured", StringComparison.Ordinal) && body.Contains("http.server.request.duration", StringComparison.Ordinal))));
        await Eventually.TrueAsync(() => Task.FromResult(_received.Any(body => body.Contains("hubbub.backplane.", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_collector_that_is_away_hurts_nobody()
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings
        {
            [MetricsExport.EndpointSetting] = "http://127.0.0.1:9",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        });
        await cluster[0].RegisterAsync();
    }
}

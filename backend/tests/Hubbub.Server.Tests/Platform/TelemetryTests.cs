using Hubbub.Server.Platform;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Platform;

public sealed class TelemetryTests : IAsyncLifetime
{
    private OtlpCollector _collector = null!;

    public async ValueTask InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public async Task A_replica_with_an_endpoint_sends_metrics_traces_and_logs_under_its_name()
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings(_collector.Settings()) { ["Replica:Name"] = "measured" });
        var person = await cluster[0].RegisterAsync();
        await using var hub = await HubClient.ConnectAsync(new Uri(cluster[0].Url, "/chatHub"), person.AccessToken, cursor: "");

        foreach (var metric in new[] { "http.server.request.duration", "hubbub.backplane.", "db.client.", "dotnet.gc." })
            await Eventually.TrueAsync(() => Task.FromResult(_collector.Has("metrics", "measured", metric)));
        await Eventually.TrueAsync(() => Task.FromResult(_collector.Has("logs", "measured", "Application started")));
        await Eventually.TrueAsync(() => Task.FromResult(_collector.Spans.Any(s => s.Replica == "measured" && s.Name == "POST /api/accounts/register")));
    }

    [Fact]
    public async Task The_operators_own_attributes_win_over_the_replicas()
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings(_collector.Settings())
        {
            ["OTEL_SERVICE_NAME"] = "our-hubbub",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=staging",
        });
        await Eventually.TrueAsync(() => Task.FromResult(_collector.Has("metrics", "our-hubbub", "staging")));
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData(Telemetry.EndpointSetting, " ")]
    public async Task Nothing_is_sent_where_it_is_switched_off(string setting, string value)
    {
        await using (var cluster = await TestCluster.StartAsync(1, new Settings(_collector.Settings()) { [setting] = value }))
            await cluster[0].RegisterAsync();

        // A replica sends what it still has before it is gone.
        Assert.Equal(0, _collector.Count);
    }

    [Fact]
    public async Task The_sampler_of_the_settings_holds()
    {
        await using (var cluster = await TestCluster.StartAsync(1, new Settings(_collector.Settings()) { ["OTEL_TRACES_SAMPLER"] = "always_off" }))
            await cluster[0].RegisterAsync();

        Assert.Empty(_collector.Spans);
        Assert.NotEqual(0, _collector.Count);
    }

    [Fact]
    public async Task A_collector_that_is_away_hurts_nobody()
    {
        await using var cluster = await TestCluster.StartAsync(
            1, new Settings(_collector.Settings()) { [Telemetry.EndpointSetting] = "http://127.0.0.1:9" });
        await cluster[0].RegisterAsync();
    }
}

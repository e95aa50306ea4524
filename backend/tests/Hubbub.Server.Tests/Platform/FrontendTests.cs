using Hubbub.Server.Platform;
using Hubbub.Server.Tests.Harness;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Tests.Platform;

public sealed class FrontendTests : IDisposable
{
    private const string Page = "<!doctype html><title>The app</title>";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("hubbub-frontend-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Serves_the_app_wherever_a_browser_goes_and_nothing_else_in_its_place()
    {
        await WriteAsync("index.html", Page);
        await WriteAsync("main-5FQ2KXJZ.js", "main");
        await WriteAsync("theme.js", "theme");
        await WriteAsync("media/roboto-ABCDEF12.woff2", "font");
        await WriteAsync("../outside.txt", "outside");
        await using var cluster = await TestCluster.StartAsync(
            1, new Settings { ["Frontend:Root"] = Path.Combine(_root.FullName, "browser") }, map: app => app.MapRealtimeHub<ProbeHub>("/probeHub"));

        const string Html = "text/html,application/xhtml+xml,*/*;q=0.8";
        const string Immutable = "public, max-age=31536000, immutable";
        foreach (var (method, path, accept, status, content, caching) in new[]
        {
            ("GET", "/", Html, 200, Page, "no-cache"),
            ("GET", "/", "*/*", 200, Page, "no-cache"),
            ("GET", "/index.html", Html, 200, Page, "no-cache"),
            ("GET", "/rooms/5?tab=people", Html, 200, Page, "no-cache"),
            ("GET", "/people/john.doe", Html, 200, Page, "no-cache"),
            ("HEAD", "/rooms/5", Html, 200, "", "no-cache"),
            ("GET", "/main-5FQ2KXJZ.js", "*/*", 200, "main", Immutable),
            ("GET", "/media/roboto-ABCDEF12.woff2", "*/*", 200, "font", Immutable),
            ("GET", "/theme.js", "*/*", 200, "theme", "no-cache"),
            ("GET", "/main-AAAAAAAA.js", "*/*", 404, null, null),
            ("GET", "/rooms/5", "application/json", 404, null, null),
            ("POST", "/rooms/5", Html, 404, null, null),
            ("GET", "/api/nothing", Html, 404, null, null),
            ("GET", "/API/nothing", Html, 404, null, null),
            ("GET", "/api", Html, 404, null, null),
            ("GET", "/health/nothing", Html, 404, null, null),
            ("GET", "/probeHub", Html, 401, null, null),
            ("GET", "/probeHub/nothing", Html, 404, null, null),
            ("GET", "/%2e%2e/outside.txt", "*/*", 404, null, null),
            ("GET", "/..%2foutside.txt", "*/*", 404, null, null),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await cluster[0].Http.SendAsync(request, Stop);

            Assert.True(status == (int)response.StatusCode, $"{method} {path}: {response.StatusCode}");
            Assert.Equal("a", Assert.Single(response.Headers.GetValues("X-Replica")));
            if (status != 200)
                continue;
            Assert.Equal(content, await response.Content.ReadAsStringAsync(Stop));
            Assert.Equal(caching, Assert.Single(response.Headers.GetValues("Cache-Control")));
        }
    }

    [Fact]
    public async Task Every_response_tells_browsers_what_the_page_may_do()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await WaitForOriginAsync(cluster[0], cluster[1]);
        foreach (var path in new[] { "/", "/api/replicas", "/api/nothing", "/health/live" })
        {
            using var response = await cluster[0].Http.GetAsync(path, Stop);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*;", policy, StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task The_page_may_connect_to_the_other_replicas_of_a_deployment_and_to_no_other_port_there()
    {
        await using var cluster = await TestCluster.StartAsync(2, new Settings { ["Replica:PublicUrl"] = "https://one.example:8443" });
        using var response = await cluster[0].Http.GetAsync("/", Stop);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("connect-src 'self' https://one.example:8443 wss://one.example:8443;", policy, StringComparison.Ordinal);
    }

    private static Task WaitForOriginAsync(TestReplica replica, TestReplica other) => Eventually.TrueAsync(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/replicas");
        request.Headers.Add("Origin", other.Url.GetLeftPart(UriPartial.Authority));
        using var response = await replica.Http.SendAsync(request, Stop);
        return response.Headers.Contains("Access-Control-Allow-Origin");
    });

    private async Task WriteAsync(string path, string content)
    {
        var file = Path.Combine(_root.FullName, "browser", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, content, Stop);
    }

    private sealed class ProbeHub : Hub;
}

using System.Net;
using Dapper;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Platform;

public sealed class OriginTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_replicas_and_of_configured_origins_may_call_with_cookies_and_others_may_not()
    {
        await using var cluster = await TestCluster.StartAsync(2, new Settings { ["Cors:Origins:0"] = "https://App.example/" });
        var own = cluster[0].Url.GetLeftPart(UriPartial.Authority);

        foreach (var origin in new[] { own, "https://app.example" })
            Assert.True(await MayCallAsync(cluster[1], origin), origin);
        foreach (var origin in new[] { "https://evil.example", "null", own + "1", own.Replace("http:", "https:", StringComparison.Ordinal), "https://app.example:8443" })
            Assert.False(await MayCallAsync(cluster[1], origin), origin);
    }

    [Fact]
    public async Task A_replica_that_has_just_started_and_one_that_is_gone_are_known_for_a_day()
    {
        // Heartbeats do not come to help here.
        await using var cluster = await TestCluster.StartAsync(1, new Settings { ["Replica:Heartbeat"] = "00:01:00", ["Replica:Lease"] = "00:10:00" });
        var late = await cluster.AddReplicaAsync();
        var origin = late.Url.GetLeftPart(UriPartial.Authority);
        await Eventually.TrueAsync(() => MayCallAsync(cluster[0], origin));

        await late.StopAsync();
        Assert.True(await MayCallAsync(cluster[0], origin));

        await using var connection = await cluster.Database.Source.OpenConnectionAsync(Stop);
        await connection.ExecuteAsync("update replica_origins set last_seen = now() - interval '25 hours' where origin = @origin", new { origin });
        await cluster.AddReplicaAsync();
        Assert.False(await MayCallAsync(cluster[2], origin));
        Assert.Equal(2, await connection.ExecuteScalarAsync<int>("select count(*) from replica_origins"));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("127.0.0.0/8", true)]
    public async Task What_a_proxy_says_is_believed_if_it_is_ours(string? network, bool isBelieved)
    {
        await using var cluster = await TestCluster.StartAsync(
            1, new Settings { ["Proxy:Networks:0"] = network, ["Accounts:RateLimits:Register:PerAddress"] = "1" });
        var statuses = new List<HttpStatusCode>();
        foreach (var client in new[] { "203.0.113.1", "203.0.113.2" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/accounts/register")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { userName = Person.RandomName(), password = Person.Password }),
                Headers = { { "X-Forwarded-For", client }, { "X-Forwarded-Proto", "https" } },
            };
            using var response = await cluster[0].Http.SendAsync(request, Stop);
            statuses.Add(response.StatusCode);
            if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
                Assert.Equal(isBelieved, cookies.Single().Contains("; secure", StringComparison.OrdinalIgnoreCase));
        }

        Assert.Equal([HttpStatusCode.Created, isBelieved ? HttpStatusCode.Created : HttpStatusCode.TooManyRequests], statuses);
    }

    // Asks as a browser does: first whether, then the call itself.
    private static async Task<bool> MayCallAsync(TestReplica replica, string origin)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/api/accounts/refresh")
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,content-type" } },
        };
        using var preflight = await replica.Http.SendAsync(ask, Stop);
        using var call = new HttpRequestMessage(HttpMethod.Post, "/api/accounts/refresh") { Headers = { { "Origin", origin } } };
        using var response = await replica.Http.SendAsync(call, Stop);

        var may = IsAllowed(preflight, origin);
        Assert.Equal(may, IsAllowed(response, origin));
        Assert.Equal(may ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, response.StatusCode);
        if (may)
        {
            Assert.Contains("authorization", string.Join(',', preflight.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);
            var exposed = string.Join(',', response.Headers.GetValues("Access-Control-Expose-Headers"));
            Assert.Contains("X-Replica", exposed, StringComparison.Ordinal);
            Assert.Contains("Retry-After", exposed, StringComparison.Ordinal);
        }

        return may;
    }

    private static bool IsAllowed(HttpResponseMessage response, string origin) =>
        response.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) && origins.Single() == origin
        && response.Headers.GetValues("Access-Control-Allow-Credentials").Single() == "true";
}

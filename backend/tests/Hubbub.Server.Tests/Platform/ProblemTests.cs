using System.Net;
using System.Net.Http.Json;
using System.Text;
using Hubbub.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hubbub.Server.Tests.Platform;

public sealed class ProblemTests
{
    private const string Secret = "the inside of it";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_goes_wrong_is_told_as_problem_details_that_name_the_replica_and_keep_the_inside_to_themselves()
    {
        await using var cluster = await TestCluster.StartAsync(1, map: app =>
        {
            app.MapGet("/api/probe/throw", (Func<string>)(() => throw new InvalidOperationException(Secret)));
            app.MapGet("/api/probe/number", (int number) => number);
            app.MapPost("/api/probe/body", (Body body) => body);
        });
        var http = cluster[0].Http;

        foreach (var (method, path, body, type, status) in new[]
        {
            ("GET", "/api/nothing", null, null, HttpStatusCode.NotFound),
            ("GET", "/api", null, null, HttpStatusCode.NotFound),
            ("GET", "/nothing", null, null, HttpStatusCode.NotFound),
            ("GET", "/health/nothing", null, null, HttpStatusCode.NotFound),
            ("GET", "/api/accounts/login", null, null, HttpStatusCode.MethodNotAllowed),
            ("GET", "/api/accounts/me", null, null, HttpStatusCode.Unauthorized),
            ("GET", "/api/probe/throw", null, null, HttpStatusCode.InternalServerError),
            ("GET", "/api/probe/number", null, null, HttpStatusCode.BadRequest),
            ("GET", "/api/probe/number?number=secret", null, null, HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", "", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", "null", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", "[1]", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", "{\"text\":", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", "{'text':1}", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", "\u0000\uFFFD", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", new string('[', 1000), "application/json", HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", "{\"text\":{\"deep\":1}}", "application/json", HttpStatusCode.BadRequest),
            ("POST", "/api/probe/body", "text=1", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType),
            ("POST", "/api/probe/body", $"{{\"text\":\"{new string('x', 64 * 1024)}\"}}", "application/json", HttpStatusCode.RequestEntityTooLarge),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, type!);
            using var response = await http.SendAsync(request, Stop);

            var problem = await Problem.ReadAsync(response, status);
            Assert.Equal("a", Assert.Single(response.Headers.GetValues("X-Replica")));
            Assert.True(response.Headers.CacheControl?.NoStore is true || !path.StartsWith("/api", StringComparison.Ordinal), path);
            Assert.True(problem.Detail is not null || problem.Errors is not null, $"{method} {path} says nothing");
            var text = await response.Content.ReadAsStringAsync(Stop);
            foreach (var inside in new[] { Secret, "Exception", "System.", "Hubbub.Server", "Body body", "   at " })
                Assert.DoesNotContain(inside, text, StringComparison.Ordinal);
        }

        Assert.Contains(cluster[0].Logs.Lines, l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_up_to_the_limit_is_taken()
    {
        await using var cluster = await TestCluster.StartAsync(1, map: app => app.MapPost("/api/probe/body", (Body body) => body.Text!.Length));
        var length = (64 * 1024) - "{\"text\":\"\"}".Length;
        using var content = new StringContent($"{{\"text\":\"{new string('x', length)}\"}}", Encoding.UTF8, "application/json");
        using var response = await cluster[0].Http.PostAsync("/api/probe/body", content, Stop);
        Assert.Equal(length, await response.Content.ReadFromJsonAsync<int>(Stop));
    }

    [Fact]
    public async Task A_database_that_goes_away_is_named_and_its_coming_back_is_noticed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var link = new FlakyLink(database.ConnectionString);
        await using var replica = await TestReplica.StartAsync(new Settings { ["ConnectionStrings:Hubbub"] = link.ConnectionString, ["Replica:Name"] = "a" });
        var person = await replica.RegisterAsync();

        link.Cut();
        using (var ready = await replica.Http.GetAsync("/health/ready", Stop))
        {
            var problem = await Problem.ReadAsync(ready, HttpStatusCode.ServiceUnavailable);
            Assert.Contains("database", problem.Detail, StringComparison.Ordinal);
            Assert.Equal("The database does not answer.", problem.Checks!.Value.GetProperty("database").GetString());
        }

        using (var live = await replica.Http.GetAsync("/health/live", Stop))
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using (var call = await replica.Http.GetAsync("/api/replicas", Stop))
        {
            await Problem.ReadAsync(call, HttpStatusCode.ServiceUnavailable);
            Assert.NotNull(call.Headers.RetryAfter);
        }

        await Eventually.TrueAsync(() => HasLoggedAsync(replica, "does not reach the database"));

        // A token needs no database.
        using (var me = await person.On(replica).GetAsync("/api/accounts/me", Stop))
            Assert.Equal(HttpStatusCode.OK, me.StatusCode);

        link.Mend();
        await Eventually.TrueAsync(async () => (await replica.Http.GetAsync("/health/ready", Stop)).IsSuccessStatusCode);
        await replica.RegisterAsync();
        await Eventually.TrueAsync(() => HasLoggedAsync(replica, "reaches the database again"));
    }

    private static Task<bool> HasLoggedAsync(TestReplica replica, string text) =>
        Task.FromResult(replica.Logs.Lines.Any(l => l.Contains(text, StringComparison.Ordinal)));

    internal sealed record Body(string? Text);
}

using System.Net;
using System.Net.Http.Json;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Accounts;

public sealed class AttemptLimitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("login", "Login", HttpStatusCode.Unauthorized)]
    [InlineData("register", "Register", HttpStatusCode.Created)]
    public async Task Slows_down_one_address(string call, string section, HttpStatusCode usual)
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings { [$"Accounts:RateLimits:{section}:PerAddress"] = "3" });
        for (var i = 0; i < 3; i++)
            Assert.Equal(usual, await StatusAsync(cluster[0], call, Person.RandomName()));
        await AssertTooManyAsync(cluster[0], call, Person.RandomName());
    }

    [Theory]
    [InlineData("login", "Login", HttpStatusCode.Unauthorized)]
    [InlineData("register", "Register", HttpStatusCode.Conflict)]
    public async Task Slows_down_attempts_on_one_name_however_it_is_written_and_no_others(string call, string section, HttpStatusCode usual)
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings { [$"Accounts:RateLimits:{section}:PerAccount"] = "2" });
        Assert.Equal(usual, await StatusAsync(cluster[0], call, "ADMIN"));
        Assert.Equal(usual, await StatusAsync(cluster[0], call, "Admin"));
        await AssertTooManyAsync(cluster[0], call, "admin");
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await StatusAsync(cluster[0], call, Person.RandomName()));
    }

    private static Task<HttpResponseMessage> PostAsync(TestReplica replica, string call, string userName) =>
        replica.Http.PostAsJsonAsync($"/api/accounts/{call}", new { userName, password = Person.Password }, Stop);

    private static async Task<HttpStatusCode> StatusAsync(TestReplica replica, string call, string userName)
    {
        using var response = await PostAsync(replica, call, userName);
        return response.StatusCode;
    }

    private static async Task AssertTooManyAsync(TestReplica replica, string call, string userName)
    {
        using var response = await PostAsync(replica, call, userName);
        await Problem.ReadAsync(response, HttpStatusCode.TooManyRequests);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }
}

using System.Net;
using System.Net.Http.Json;
using Dapper;
using Hubbub.Server.Accounts;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Server.Tests.Accounts;

public sealed class RefreshTests(TwoReplicas replicas) : IClassFixture<TwoReplicas>
{
    private static readonly TimeSpan BeyondGrace = TimeSpan.FromSeconds(11);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Goes_on_on_another_replica_with_a_new_token_of_each_kind()
    {
        var person = await replicas.A.RegisterAsync();
        var first = CookieOf(person);
        var (status, second, session) = await RefreshAsync(replicas.B, first);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotEqual(first, second);
        Assert.Equal(person.Id, session!.User.Id);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(replicas.A, second!)).Status);
    }

    [Fact]
    public async Task A_replaced_token_shown_after_the_grace_ends_the_session_for_both_who_have_it()
    {
        var first = CookieOf(await replicas.A.RegisterAsync());
        var second = (await RefreshAsync(replicas.A, first)).Cookie!;
        await PassAsync(first, BeyondGrace);

        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.B, first)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.A, second)).Status);
        Assert.Contains(replicas.B.Logs.Lines, l => l.Contains("was used again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_from_before_the_last_one_ends_the_session_also_within_the_grace()
    {
        var first = CookieOf(await replicas.A.RegisterAsync());
        var second = (await RefreshAsync(replicas.A, first)).Cookie!;
        await PassAsync(first, BeyondGrace);
        var third = (await RefreshAsync(replicas.A, second)).Cookie!;
        Assert.NotEqual(second, third);

        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.B, first)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.A, third)).Status);
    }

    [Fact]
    public async Task Tabs_that_refresh_at_the_same_moment_on_two_replicas_all_end_up_with_the_one_new_token()
    {
        for (var round = 0; round < 5; round++)
        {
            var first = CookieOf(await replicas.A.RegisterAsync());
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => RefreshAsync(i % 2 == 0 ? replicas.A : replicas.B, first)));

            Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Status));
            var second = Assert.Single(answers.Select(a => a.Cookie).Distinct());
            Assert.NotEqual(first, second);

            await PassAsync(first, BeyondGrace);
            Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(replicas.B, second!)).Status);
        }
    }

    [Fact]
    public async Task A_tab_that_opens_within_the_grace_gets_the_token_that_is_there()
    {
        var first = CookieOf(await replicas.A.RegisterAsync());
        var second = (await RefreshAsync(replicas.A, first)).Cookie!;

        Assert.Equal(second, (await RefreshAsync(replicas.B, second)).Cookie);
        Assert.Equal(second, (await RefreshAsync(replicas.A, first)).Cookie);
    }

    [Fact]
    public async Task Without_a_grace_every_replaced_token_is_theft()
    {
        await using var cluster = await TestCluster.StartAsync(2, new Settings { ["Accounts:RefreshGrace"] = "00:00:00" });
        var first = CookieOf(await cluster[0].RegisterAsync());
        var second = (await RefreshAsync(cluster[0], first)).Cookie!;
        var third = (await RefreshAsync(cluster[1], second)).Cookie!;

        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(cluster[0], second)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(cluster[1], third)).Status);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_all_replicas_and_deletes_the_cookie()
    {
        var person = await replicas.A.RegisterAsync();
        var cookie = CookieOf(person);
        using (var client = replicas.B.CreateClient(person.Cookies))
        {
            using var response = await client.PostAsync("/api/accounts/logout", content: null, Stop);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        Assert.Empty(person.Cookies.GetAllCookies());
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.A, cookie)).Status);

        using var again = await replicas.A.Http.PostAsync("/api/accounts/logout", content: null, Stop);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact]
    public async Task Signing_in_over_a_session_ends_it()
    {
        var person = await replicas.A.RegisterAsync();
        var first = CookieOf(person);
        using (var client = replicas.A.CreateClient(person.Cookies))
        {
            using var response = await client.PostAsJsonAsync("/api/accounts/login", new { person.UserName, Person.Password }, Stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.A, first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(replicas.A, CookieOf(person))).Status);
    }

    [Fact]
    public async Task A_session_ends_when_it_is_idle_too_long_or_too_old()
    {
        var idle = CookieOf(await replicas.A.RegisterAsync());
        await PassAsync(idle, TimeSpan.FromDays(14));
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.A, idle)).Status);

        // Refreshed every 13 days it lives for 90 and not longer.
        var cookie = CookieOf(await replicas.A.RegisterAsync());
        for (var days = 13; days < 90; days += 13)
        {
            await PassAsync(cookie, TimeSpan.FromDays(13));
            var (status, next, _) = await RefreshAsync(replicas.A, cookie);
            Assert.Equal(HttpStatusCode.OK, status);
            cookie = next!;
        }

        await PassAsync(cookie, TimeSpan.FromDays(12.5));
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.A, cookie)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_cookie_that_is_none_of_ours_is_refused(string? cookie) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.A, cookie)).Status);

    [Fact]
    public async Task Foreign_pages_can_neither_refresh_nor_sign_out()
    {
        var person = await replicas.A.RegisterAsync();
        var own = replicas.A.Url.GetLeftPart(UriPartial.Authority);
        var other = replicas.B.Url.GetLeftPart(UriPartial.Authority);
        foreach (var (origin, status) in new[]
        {
            ("https://evil.example", HttpStatusCode.Forbidden), ("null", HttpStatusCode.Forbidden), ($"{own}.evil.example", HttpStatusCode.Forbidden),
            (own, HttpStatusCode.OK), (other, HttpStatusCode.OK),
        })
        {
            foreach (var call in new[] { "refresh", "logout" })
            {
                if (call == "logout" && status == HttpStatusCode.OK)
                    continue;
                using var client = replicas.A.CreateClient(person.Cookies);
                client.DefaultRequestHeaders.Add("Origin", origin);
                using var response = await client.PostAsync($"/api/accounts/{call}", content: null, Stop);
                Assert.Equal(status, response.StatusCode);
            }
        }
    }

    [Fact]
    public async Task Tokens_are_kept_as_hashes_only()
    {
        var person = await replicas.A.RegisterAsync();
        var token = Base64(CookieOf(person));
        await using var connection = await replicas.Database.Source.OpenConnectionAsync(Stop);
        var stored = await connection.QuerySingleAsync<(byte[] Family, byte[] Turn)>(
            "select family_hash, turn_hash from sessions where user_id = @id", new { id = Guid.Parse(person.Id) });

        Assert.Equal(System.Security.Cryptography.SHA256.HashData(token.AsSpan(0, 32)), stored.Family);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(token.AsSpan(32)), stored.Turn);
    }

    [Fact]
    public async Task Nobody_has_more_than_50_sessions_and_the_oldest_end()
    {
        var person = await replicas.A.RegisterAsync();
        var sessions = replicas.A.Services.GetRequiredService<Sessions>();
        for (var i = 0; i < 50; i++)
            await sessions.StartAsync(Guid.Parse(person.Id), Stop);

        await using var connection = await replicas.Database.Source.OpenConnectionAsync(Stop);
        Assert.Equal(50, await connection.ExecuteScalarAsync<int>("select count(*) from sessions where user_id = @id", new { id = Guid.Parse(person.Id) }));
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(replicas.A, CookieOf(person))).Status);
    }

    [Fact]
    public async Task Sessions_that_have_ended_are_deleted_and_others_are_not()
    {
        await using var cluster = await TestCluster.StartAsync(2, new Settings { ["Accounts:SweepInterval"] = "00:00:01" });
        var person = await cluster[0].RegisterAsync();
        await using var connection = await cluster.Database.Source.OpenConnectionAsync(Stop);
        await connection.ExecuteAsync(
            """
            insert into sessions (id, user_id, family_hash, turn_hash, expires_at)
            select gen_random_uuid(), @id, sha256(i::text::bytea), '', now() from generate_series(1, 1700) i
            """,
            new { id = Guid.Parse(person.Id) });

        await Eventually.EqualAsync(1, () => connection.ExecuteScalarAsync<int>("select count(*) from sessions"));
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(cluster[1], CookieOf(person))).Status);
    }

    private static string CookieOf(Person person) => Assert.Single(person.Cookies.GetAllCookies()).Value;

    private static byte[] Base64(string text) => Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(text);

    private static async Task<(HttpStatusCode Status, string? Cookie, SessionBody? Session)> RefreshAsync(TestReplica replica, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/accounts/refresh");
        if (cookie is not null)
            request.Headers.Add("Cookie", $"hubbub_refresh={cookie}");
        using var response = await replica.Http.SendAsync(request, Stop);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            await Problem.ReadAsync(response, response.StatusCode);
            return (response.StatusCode, null, null);
        }

        var set = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        var value = set["hubbub_refresh=".Length..set.IndexOf(';', StringComparison.Ordinal)];
        return (response.StatusCode, value, await response.Content.ReadFromJsonAsync<SessionBody>(Stop));
    }

    // As if a session had been left alone for so long.
    private async Task PassAsync(string cookie, TimeSpan time)
    {
        await using var connection = await replicas.Database.Source.OpenConnectionAsync(Stop);
        var family = System.Security.Cryptography.SHA256.HashData(Base64(cookie).AsSpan(0, 32));
        Assert.Equal(1, await connection.ExecuteAsync(
            "update sessions set turned_at = turned_at - @time, created_at = created_at - @time, expires_at = expires_at - @time where family_hash = @family",
            new { time, family }));
    }
}

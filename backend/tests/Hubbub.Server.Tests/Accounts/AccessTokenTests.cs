using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using Hubbub.Server.Accounts;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hubbub.Server.Tests.Accounts;

public sealed class AccessTokenTests(TwoReplicas replicas) : IClassFixture<TwoReplicas>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_one_replica_is_good_on_the_other()
    {
        var person = await replicas.A.RegisterAsync();
        using var client = person.On(replicas.B);
        var me = await client.GetFromJsonAsync<UserBody>("/api/accounts/me", Stop);

        Assert.Equal(person.Id, me!.Id);
        Assert.Equal(person.UserName, me.UserName);
        Assert.Empty(me.Roles);
    }

    [Fact]
    public async Task A_configured_key_is_used_instead_of_the_shared_one()
    {
        var settings = new Settings { ["Accounts:SigningKey"] = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()) };
        await using var cluster = await TestCluster.StartAsync(2, settings);
        var person = await cluster[0].RegisterAsync();
        Assert.Equal(HttpStatusCode.OK, await MeAsync(cluster[1], person.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(replicas.A, person.AccessToken));
    }

    [Fact]
    public async Task A_token_that_we_did_not_sign_is_refused()
    {
        var person = await replicas.A.RegisterAsync();
        var parts = person.AccessToken.Split('.');
        var key = replicas.A.Services.GetRequiredService<SigningKey>().Key.Key;

        // The forger starts from the genuine claims; that the last one is accepted shows that the others fail for what they say.
        var claims = Base64UrlEncoder.Decode(parts[1]);
        var forged = new[]
        {
            "x", "..", "a.b.c", person.AccessToken[..^2], person.AccessToken + "x", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}",
            $"{Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.",
            $"{Encode("""{"alg":"None","typ":"at+jwt"}""")}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{Encode(claims.Replace(person.UserName, "admin", StringComparison.Ordinal))}.{parts[2]}",
            Sign(new byte[32], person.Id),
            Sign(key, person.Id, algorithm: SecurityAlgorithms.HmacSha512),
            Sign(key, person.Id, issuer: "somebody"),
            Sign(key, person.Id, audience: "somebody"),
            Sign(key, "admin"),
            Sign(key, person.Id, expires: -1),
            Sign(key, person.Id, expires: null),
            Sign(key, person.Id, notBefore: 1),
            Sign(key, person.Id, type: "JWT"),
        };

        foreach (var token in forged)
            Assert.True(await MeAsync(replicas.B, token) == HttpStatusCode.Unauthorized, $"accepted: {token}");
        Assert.Equal(HttpStatusCode.OK, await MeAsync(replicas.B, Sign(key, person.Id)));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(replicas.B, Sign(key, person.Id, notBefore: -1)));
    }

    [Fact]
    public async Task A_token_is_refused_from_the_second_it_expires()
    {
        await using var cluster = await TestCluster.StartAsync(1, new Settings { ["Accounts:AccessTokenLifetime"] = "00:00:02" });
        var person = await cluster[0].RegisterAsync();
        await Eventually.EqualAsync(HttpStatusCode.Unauthorized, () => MeAsync(cluster[0], person.AccessToken));
        Assert.True(TimeProvider.System.GetUtcNow() >= person.Session.ExpiresAt);
    }

    [Fact]
    public async Task Without_a_token_or_with_one_in_the_query_nobody_is_let_in()
    {
        var person = await replicas.A.RegisterAsync();
        foreach (var url in new[] { "/api/accounts/me", $"/api/accounts/me?access_token={person.AccessToken}" })
        {
            using var response = await replicas.A.Http.GetAsync(url, Stop);
            await Problem.ReadAsync(response, HttpStatusCode.Unauthorized);
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        }
    }

    private static string Encode(string text) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(text));

    private static string Sign(
        byte[] key,
        string id,
        string algorithm = SecurityAlgorithms.HmacSha256,
        string issuer = "hubbub",
        string audience = "hubbub",
        int? expires = 5,
        int? notBefore = null,
        string type = "at+jwt")
    {
        // HMAC with SHA-512 wants a longer key; zeros at the end of a key change nothing for HMAC.
        var padded = new byte[64];
        key.CopyTo(padded, 0);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = type,
            Issuer = issuer,
            Audience = audience,
            Subject = new ClaimsIdentity([new Claim("sub", id), new Claim("name", "somebody"), new Claim("role", "admin")]),
            NotBefore = InMinutes(notBefore),
            Expires = InMinutes(expires),
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(padded), algorithm),
        });
    }

    private static DateTime? InMinutes(int? minutes) =>
        minutes is { } offset ? TimeProvider.System.GetUtcNow().AddMinutes(offset).UtcDateTime : null;

    private static async Task<HttpStatusCode> MeAsync(TestReplica replica, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/accounts/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await replica.Http.SendAsync(request, Stop);
        return response.StatusCode;
    }
}

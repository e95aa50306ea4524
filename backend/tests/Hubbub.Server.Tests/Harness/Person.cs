using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Hubbub.Server.Tests.Harness;

/// <summary>Somebody who has signed in.</summary>
internal sealed class Person
{
    /// <summary>Everybody's.</summary>
    public const string Password = "correct horse battery";

    private Person(SessionBody session, CookieContainer cookies)
    {
        Session = session;
        Cookies = cookies;
    }

    /// <summary>What signing in returned.</summary>
    public SessionBody Session { get; }

    /// <summary>The browser's cookies.</summary>
    public CookieContainer Cookies { get; }

    public string Id => Session.User.Id;

    public string UserName => Session.User.UserName;

    public string AccessToken => Session.AccessToken;

    /// <summary>A valid name that nobody else has.</summary>
    public static string RandomName() => $"p{Guid.NewGuid():n}"[..20];

    /// <summary>Registers or logs in.</summary>
    public static async Task<Person> SignInAsync(TestReplica replica, string how, string userName, string password)
    {
        var cookies = new CookieContainer();
        using var client = replica.CreateClient(cookies);
        using var response = await client.PostAsJsonAsync($"/api/accounts/{how}", new { userName, password });
        var text = await response.Content.ReadAsStringAsync();
        var errors = replica.Logs.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).TakeLast(1);
        Assert.True(response.IsSuccessStatusCode, $"{how} {userName}: {(int)response.StatusCode} {text} {string.Concat(errors)}");
        return new Person((await response.Content.ReadFromJsonAsync<SessionBody>())!, cookies);
    }

    /// <summary>A client of a replica that sends the access token, and the cookies as the person's browser would.</summary>
    public HttpClient On(TestReplica replica)
    {
        var client = replica.CreateClient(Cookies);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        return client;
    }
}

/// <summary>The contract's <c>session</c>.</summary>
internal sealed record SessionBody(string AccessToken, DateTimeOffset ExpiresAt, UserBody User);

/// <summary>The contract's <c>user</c>.</summary>
internal sealed record UserBody(string Id, string UserName, string[] Roles);

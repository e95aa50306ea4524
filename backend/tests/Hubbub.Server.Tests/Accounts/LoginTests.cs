using System.Net;
using System.Net.Http.Json;
using Dapper;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Accounts;

public sealed class LoginTests(TwoReplicas replicas) : IClassFixture<TwoReplicas>
{
    private const string Wrong = "wrong password";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signs_in_on_another_replica_without_regard_to_case_of_the_name()
    {
        var person = await replicas.A.RegisterAsync();
        var again = await replicas.B.LoginAsync(person.UserName.ToUpperInvariant());

        Assert.Equal(person.Id, again.Id);
        Assert.Equal(person.UserName, again.UserName);
    }

    [Fact]
    public async Task Answers_the_same_for_an_unknown_name_a_wrong_password_and_a_name_that_cannot_be()
    {
        var person = await replicas.A.RegisterAsync();
        var answers = new List<Problem>();
        foreach (var (userName, password) in new[]
        {
            (person.UserName, Wrong), (Person.RandomName(), Wrong), ("\0'; drop table users", Wrong), (string.Empty, string.Empty),
            (person.UserName, new string('x', 10_000)), (new string('x', 10_000), Wrong),
        })
        {
            using var response = await TryAsync(replicas.A, userName, password);
            Assert.False(response.Headers.Contains("Set-Cookie"));
            answers.Add(await Problem.ReadAsync(response, HttpStatusCode.Unauthorized));
        }

        Assert.Single(answers.Select(a => (a.Title, a.Detail)).Distinct());
    }

    [Theory]
    [InlineData("""{"userName":"x"}""")]
    [InlineData("""{"userName":null,"password":"x"}""")]
    public async Task Names_the_field_that_is_missing(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await replicas.A.Http.PostAsync("/api/accounts/login", content, Stop);
        Assert.Single((await Problem.ReadAsync(response, HttpStatusCode.BadRequest)).Errors!);
    }

    [Fact]
    public async Task Locks_an_account_after_wrong_passwords_on_all_replicas_and_tells_nobody_that_it_did()
    {
        await using var cluster = await TestCluster.StartAsync(2, new Settings { ["Accounts:LockoutAfter"] = "4" });
        var person = await cluster[0].RegisterAsync();
        for (var i = 0; i < 4; i++)
            (await TryAsync(cluster[i % 2], person.UserName, Wrong)).Dispose();

        foreach (var replica in new[] { cluster[0], cluster[1] })
        {
            using var right = await TryAsync(replica, person.UserName, Person.Password);
            using var wrong = await TryAsync(replica, person.UserName, Wrong);
            Assert.Equal(
                (await Problem.ReadAsync(wrong, HttpStatusCode.Unauthorized)).Detail,
                (await Problem.ReadAsync(right, HttpStatusCode.Unauthorized)).Detail);
        }

        await using var connection = await cluster.Database.Source.OpenConnectionAsync(Stop);
        await connection.ExecuteAsync("update users set locked_until = now() - interval '1 second'");
        await cluster[1].LoginAsync(person.UserName);
    }

    [Fact]
    public async Task Counts_every_wrong_password_that_comes_at_the_same_moment_on_two_replicas()
    {
        var person = await replicas.A.RegisterAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i => (await TryAsync(i % 2 == 0 ? replicas.A : replicas.B, person.UserName, Wrong)).Dispose()));

        Assert.Equal(8, await FailuresAsync(person));
        await replicas.A.LoginAsync(person.UserName);
        Assert.Equal(0, await FailuresAsync(person));
    }

    private static Task<HttpResponseMessage> TryAsync(TestReplica replica, string userName, string password) =>
        replica.Http.PostAsJsonAsync("/api/accounts/login", new { userName, password }, Stop);

    private async Task<int> FailuresAsync(Person person)
    {
        await using var connection = await replicas.Database.Source.OpenConnectionAsync(Stop);
        return await connection.ExecuteScalarAsync<int>("select failed_sign_ins from users where user_name = @UserName", new { person.UserName });
    }
}

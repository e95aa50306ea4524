using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dapper;
using Hubbub.Server.Accounts;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hubbub.Server.Tests.Accounts;

public sealed class RegistrationTests(TwoReplicas replicas) : IClassFixture<TwoReplicas>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registers_signs_in_and_sets_a_cookie_that_scripts_cannot_read()
    {
        var name = Person.RandomName();
        var before = TimeProvider.System.GetUtcNow();
        using var response = await replicas.A.Http.PostAsJsonAsync("/api/accounts/register", new { userName = name, password = Person.Password }, Stop);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("a", Assert.Single(response.Headers.GetValues("X-Replica")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        var session = await response.Content.ReadFromJsonAsync<SessionBody>(Stop);
        Assert.Equal(name, session!.User.UserName);
        Assert.Empty(session.User.Roles);
        Assert.InRange(session.ExpiresAt, before.AddMinutes(9), before.AddMinutes(12));

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("hubbub_refresh=", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/api/accounts", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a234567890123456789012345678901234")]
    [InlineData("with space")]
    [InlineData("tab\there")]
    [InlineData("line\nbreak")]
    [InlineData("trailing\n")]
    [InlineData("nul\0")]
    [InlineData("p\u0430ypal")] // a Cyrillic letter that looks like an a
    [InlineData("abc\u202Etxt")] // turns the direction of what follows
    [InlineData("abc\u200Bdef")] // a space of no width
    [InlineData("smile\U0001F600")]
    [InlineData("Straße")]
    [InlineData("<script>")]
    [InlineData("a/../b")]
    public async Task Refuses_an_odd_user_name_as_a_field_error(string userName)
    {
        using var response = await replicas.A.Http.PostAsJsonAsync("/api/accounts/register", new { userName, password = Person.Password }, Stop);

        var problem = await Problem.ReadAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal("userName", Assert.Single(problem.Errors!).Key);
    }

    [Theory]
    [InlineData("a.b-c_9", "12345678")]
    [InlineData("abc", "  12345  ")]
    [InlineData("32345678901234567890123456789012", "\u043f\u0430\u0440\u043e\u043b\u044c \U0001F600\0")]
    public async Task Takes_every_name_and_password_that_keeps_to_the_rules(string userName, string password)
    {
        await Person.SignInAsync(replicas.A, "register", userName, password);
        await Person.SignInAsync(replicas.B, "login", userName, password);
    }

    [Theory]
    [InlineData("{}", "userName,password")]
    [InlineData("""{"userName":null,"password":null}""", "userName,password")]
    [InlineData("""{"userName":"somebody"}""", "password")]
    [InlineData("""{"userName":5,"password":"12345678"}""", "userName")]
    [InlineData("""{"userName":{"a":1},"password":"12345678"}""", "userName")]
    [InlineData("""{"userName":"somebody","password":["12345678"]}""", "password")]
    [InlineData("""{"userName":"somebody","password":true}""", "password")]
    [InlineData("""{"userName":"somebody","userName":"else","password":"12345678"}""", "userName")]
    [InlineData("""{"userName":"somebody","password":"1234567"}""", "password")]
    [InlineData("""{"userName":"somebody","password":"          "}""", "password")]
    public async Task Names_the_fields_that_are_missing_or_of_the_wrong_type(string body, string fields)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await replicas.A.Http.PostAsync("/api/accounts/register", content, Stop);

        var problem = await Problem.ReadAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(fields, string.Join(',', problem.Errors!.Keys));
        Assert.All(problem.Errors!.Values, sentences => Assert.All(sentences, s => Assert.EndsWith(".", s, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Refuses_a_password_of_more_than_128_characters()
    {
        using var response = await replicas.A.Http.PostAsJsonAsync(
            "/api/accounts/register", new { userName = Person.RandomName(), password = new string('x', 129) }, Stop);

        var problem = await Problem.ReadAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal("password", Assert.Single(problem.Errors!).Key);
    }

    [Fact]
    public async Task Gives_a_name_to_one_of_many_who_ask_for_it_on_two_replicas_at_once_without_regard_to_case()
    {
        var name = Person.RandomName();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            var userName = i % 3 == 0 ? name.ToUpperInvariant() : name;
            var replica = i % 2 == 0 ? replicas.A : replicas.B;
            using var response = await replica.Http.PostAsJsonAsync("/api/accounts/register", new { userName, password = Person.Password }, Stop);
            return response.StatusCode;
        }));

        Assert.Single(answers, HttpStatusCode.Created);
        Assert.All(answers, a => Assert.True(a is HttpStatusCode.Created or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests, a.ToString()));
        Assert.Contains(HttpStatusCode.Conflict, answers);
        await using var connection = await replicas.Database.Source.OpenConnectionAsync(Stop);
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>("select count(*) from users where lower(user_name) = lower(@name)", new { name }));
    }

    [Fact]
    public async Task Lets_nobody_take_the_administrators_name()
    {
        using var response = await replicas.A.Http.PostAsJsonAsync("/api/accounts/register", new { userName = "Admin", password = Person.Password }, Stop);
        await Problem.ReadAsync(response, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Lets_features_add_to_an_account_in_the_same_transaction()
    {
        await using var cluster = await TestCluster.StartAsync(1, configure: b => b.Services.AddSingleton<IAccountCreated, Greeter>());
        await using var connection = await cluster.Database.Source.OpenConnectionAsync(Stop);
        await connection.ExecuteAsync("create table greetings (user_id uuid primary key references users)");

        var person = await cluster[0].RegisterAsync();
        Assert.Equal(person.Id, await connection.ExecuteScalarAsync<string>("select user_id::text from greetings"));

        await connection.ExecuteAsync("drop table greetings");
        using var response = await cluster[0].Http.PostAsJsonAsync(
            "/api/accounts/register", new { userName = "unlucky", password = Person.Password }, Stop);
        await Problem.ReadAsync(response, HttpStatusCode.InternalServerError);
        Assert.Equal(1, await connection.ExecuteScalarAsync<int>("select count(*) from users"));
    }

    private sealed class Greeter : IAccountCreated
    {
        public Task AccountCreatedAsync(Guid userId, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
            transaction.Connection!.ExecuteAsync("insert into greetings values (@userId)", new { userId }, transaction);
    }
}

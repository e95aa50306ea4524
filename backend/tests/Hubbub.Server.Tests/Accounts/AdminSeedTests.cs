using System.Net;
using Dapper;
using Hubbub.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hubbub.Server.Tests.Accounts;

[Collection(nameof(StandardStreams))]
public sealed class AdminSeedTests
{
    private const string Mark = "admin password: ";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_replicas_that_start_at_once_one_prints_a_password_that_works_on_all_and_no_log_has_it()
    {
        using var output = new StandardStreams();
        await using var cluster = await TestCluster.StartAsync(3, new Settings { ["Accounts:SeedAdmin"] = "true" });
        await cluster.AddReplicaAsync();

        var line = Assert.Single(output.Out.Split('\n'), l => l.Contains(Mark, StringComparison.Ordinal)).Trim();
        Assert.StartsWith(Mark, line, StringComparison.Ordinal);
        var password = line[Mark.Length..];
        for (var i = 0; i < 4; i++)
        {
            var admin = await cluster[i].LoginAsync("admin", password);
            Assert.Equal(["admin"], admin.Session.User.Roles);
            Assert.DoesNotContain(cluster[i].Logs.Lines, l => l.Contains(password, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_configured_password_is_used_and_not_printed_and_an_admin_who_is_there_is_left_alone()
    {
        using var output = new StandardStreams();
        await using var cluster = await TestCluster.StartAsync(
            2, new Settings { ["Accounts:SeedAdmin"] = "true", ["Accounts:AdminPassword"] = "first password" });
        await cluster.AddReplicaAsync(new Settings { ["Accounts:AdminPassword"] = "second password" });

        await cluster[2].LoginAsync("admin", "first password");
        Assert.DoesNotContain("password", output.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_being_asked_for_there_is_no_admin()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await using var connection = await cluster.Database.Source.OpenConnectionAsync(Stop);
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from users"));
    }

    [Fact]
    public async Task What_is_for_administrators_is_for_nobody_else()
    {
        await using var cluster = await TestCluster.StartAsync(
            1,
            new Settings { ["Accounts:SeedAdmin"] = "true", ["Accounts:AdminPassword"] = Person.Password },
            map: app => app.MapGet("/api/probe", () => Results.Ok()).RequireAuthorization("Admin"));
        var admin = await cluster[0].LoginAsync("admin");
        var person = await cluster[0].RegisterAsync();

        foreach (var (client, status) in new[]
        {
            (admin.On(cluster[0]), HttpStatusCode.OK), (person.On(cluster[0]), HttpStatusCode.Forbidden), (cluster[0].CreateClient(), HttpStatusCode.Unauthorized),
        })
        {
            using var response = await client.GetAsync("/api/probe", Stop);
            Assert.Equal(status, response.StatusCode);
            if (status != HttpStatusCode.OK)
                await Problem.ReadAsync(response, status);
            client.Dispose();
        }
    }
}

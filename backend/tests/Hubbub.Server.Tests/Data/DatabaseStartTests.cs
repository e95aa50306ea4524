using System.Globalization;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hubbub.Server.Tests.Data;

[Collection(nameof(StandardStreams))]
public sealed class DatabaseStartTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_waits_for_a_database_that_comes_later()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var link = new FlakyLink(database.ConnectionString);
        link.Cut();
        using var logs = new LogCapture();
        var starting = TestReplica.StartAsync(
            new Settings { ["ConnectionStrings:Hubbub"] = link.ConnectionString, ["Replica:Name"] = "a" }, builder => builder.Logging.AddProvider(logs));
        await Eventually.TrueAsync(() => Task.FromResult(logs.Lines.Any(l => l.Contains("Waiting for the database", StringComparison.Ordinal))));
        Assert.False(starting.IsCompleted);

        link.Mend();
        await using var replica = await starting;
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=postgres;Database=x", "did not answer within")]
    [InlineData("", "ConnectionStrings__Hubbub")]
    [InlineData("nonsense", "ConnectionStrings__Hubbub")]
    public async Task A_replica_without_a_database_ends_with_one_line_that_says_so(string connectionString, string expected)
    {
        using var streams = new StandardStreams();
        var exitCode = await Program.Main(
        [
            "--urls=http://127.0.0.1:0", $"--ConnectionStrings:Hubbub={connectionString}", "--Data:StartTimeout=00:00:00", "--Logging:LogLevel:Default=None",
        ]);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(streams.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => l.StartsWith("hubbub cannot start", StringComparison.Ordinal));
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Replica:Lease=00:00:01", "Replica__Lease")]
    [InlineData("Replica:Name=with space", "Replica__Name")]
    [InlineData("Accounts:SigningKey=AAAA", "Accounts__SigningKey")]
    [InlineData("Accounts:RateLimits:Login:PerAddress=0", "Accounts__RateLimits")]
    [InlineData("Proxy:Networks:0=everywhere", "Proxy__Networks")]
    [InlineData("Frontend:Root=/does/not/exist", null)]
    public async Task A_setting_that_cannot_be_is_named(string setting, string? expected)
    {
        using var streams = new StandardStreams();
        var exitCode = await Program.Main(
        [
            "--urls=http://127.0.0.1:0", "--ConnectionStrings:Hubbub=Host=127.0.0.1;Port=1", "--Data:StartTimeout=00:00:00", "--Logging:LogLevel:Default=None", $"--{setting}",
        ]);

        Assert.Equal(1, exitCode);
        Assert.Contains(expected ?? "did not answer", streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        using var streams = new StandardStreams();
        var port = cluster[0].Url.Port.ToString(CultureInfo.InvariantCulture);
        var exitCode = await Program.Main(
            [$"--urls=http://127.0.0.1:{port}", $"--ConnectionStrings:Hubbub={cluster.Database.ConnectionString}", "--Logging:LogLevel:Default=None"]);

        Assert.Equal(1, exitCode);
        Assert.Contains($":{port}", streams.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_not_waited_for()
    {
        // The test server may trust everybody; then a role that does not exist is as good.
        await using var database = await TestDatabase.CreateAsync();
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = "nobody_of_this_name", Password = "wrong" };
        using var streams = new StandardStreams();
        var exitCode = await Program.Main(
            ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:Hubbub={settings.ConnectionString}", "--Data:StartTimeout=00:10:00", "--Logging:LogLevel:Default=None"])
            .WaitAsync(Eventually.Patience, Stop);

        Assert.Equal(1, exitCode);
        Assert.Contains("The database refuses", streams.Error, StringComparison.Ordinal);
    }
}

using Hubbub.Server.Data;
using Hubbub.Server.Platform;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.Configuration;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>What <c>Backplane:Store</c> may say, and what is said when it is wrong.</summary>
[Collection(nameof(StandardStreams))]
public sealed class BackplaneChoiceTests
{
    [Theory]
    [InlineData(null, nameof(BackplaneChoice.Postgres))]
    [InlineData("", nameof(BackplaneChoice.Postgres))]
    [InlineData("postgres", nameof(BackplaneChoice.Postgres))]
    [InlineData("Redis", nameof(BackplaneChoice.Redis))]
    [InlineData("MICROSOFT", nameof(BackplaneChoice.Microsoft))]
    [InlineData("azure", nameof(BackplaneChoice.Azure))]
    [InlineData("none", nameof(BackplaneChoice.None))]
    [InlineData("InMemory", nameof(BackplaneChoice.InMemory))]
    public void A_choice_is_read_in_any_letter_case(string? setting, string expected) => Assert.Equal(expected, Read(setting).ToString());

    [Theory]
    [InlineData("kafka")]
    [InlineData("1")]
    [InlineData("postgres,redis")]
    public void Anything_else_is_refused_with_the_choices(string setting)
    {
        var refused = Assert.Throws<StartException>(() => Read(setting));
        Assert.Equal($"Backplane__Store is {setting}; it has to be postgres, redis, microsoft, azure, none or inmemory", refused.Message);
    }

    [Theory]
    [InlineData("kafka", null, "Backplane__Store is kafka")]
    [InlineData("redis", null, "No Redis: set ConnectionStrings__Redis")]
    [InlineData("microsoft", null, "No Redis: set ConnectionStrings__Redis")]
    [InlineData("microsoft", "localhost:6379,noSuchSetting=1", "ConnectionStrings__Redis is not a connection string")]
    [InlineData("microsoft", "localhost:6379,connectTimeout=soon", "ConnectionStrings__Redis is not a connection string")]
    [InlineData("microsoft", "ssl=true", "ConnectionStrings__Redis is not a connection string")]
    [InlineData("redis", "localhost:6379,noSuchSetting=1", "ConnectionStrings__Redis is not a connection string")]
    [InlineData("redis", " ", "ConnectionStrings__Redis is not a connection string")]
    public async Task A_replica_that_cannot_use_its_backplane_ends_with_one_line_that_says_so(string store, string? redis, string expected)
    {
        var line = await FailToStartAsync(store, redis);
        Assert.StartsWith($"hubbub cannot start: {expected}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("microsoft", "localhost:6379,password=first,secret=1")]
    [InlineData("microsoft", "localhost:6379,password=first,secret")]
    [InlineData("redis", "localhost:6379,password=first,secret=1")]
    [InlineData("redis", "localhost:6379,password=first,secret")]
    [InlineData("redis", "localhost:6379,defaultDatabase=secret")]
    public async Task A_string_that_cannot_be_read_shows_nothing_of_itself(string store, string redis) =>
        Assert.DoesNotContain("secret", await FailToStartAsync(store, redis), StringComparison.Ordinal);

    /// <summary>Starts a replica that cannot start, and returns the line in which it says why.</summary>
    private static async Task<string> FailToStartAsync(string store, string? redis)
    {
        using var streams = new StandardStreams();
        var exitCode = await Program.Main(
        [
            "--urls=http://127.0.0.1:0", "--ConnectionStrings:Hubbub=Host=127.0.0.1;Port=1", "--Data:StartTimeout=00:00:00",
            "--Logging:LogLevel:Default=None", $"--Backplane:Store={store}", $"--ConnectionStrings:Redis={redis}",
        ]);

        Assert.Equal(1, exitCode);
        return Assert.Single(streams.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static BackplaneChoice Read(string? setting) =>
        BackplaneChoices.Read(new ConfigurationBuilder().AddInMemoryCollection(new Settings { ["Backplane:Store"] = setting }).Build());
}

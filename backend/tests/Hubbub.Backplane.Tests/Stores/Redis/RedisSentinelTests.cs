using System.Globalization;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>The store behind a Sentinel that fails over to a replica.</summary>
public sealed class RedisSentinelTests
{
    [Fact]
    public async Task A_fail_over_that_lost_nothing_goes_on_in_the_same_epoch()
    {
        await using var primary = await RedisProcess.StartAsync();
        await using var standby = await RedisProcess.StartAsync("--replicaof", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1 {primary.Port}"));
        await using var sentinel = await RedisProcess.StartSentinelAsync("primary", primary.Port);
        await Eventually.IsTrueAsync(
            async () => ((string)(await sentinel.CommandAsync("INFO", "sentinel"))!).Contains("slaves=1", StringComparison.Ordinal), "it knows the standby");

        using var lines = new LogLines();
        await using var log = sentinel.CreateLog(connection: $"127.0.0.1:{sentinel.Port},serviceName=primary");
        await using var replica = new Replica(log, "sentinel:", options => options.PublishBudget = TimeSpan.FromMinutes(2), loggers: lines);
        var client = await replica.ResumeAsync("");
        await client.NextAsync();
        await replica.Manager.SendAllAsync("Before", []);
        var cursor = (await client.ExpectAsync("Before")).Cursor!;
        Assert.Equal(1, (int)await primary.CommandAsync("WAIT", 1, 0));

        await primary.KillAsync();
        await replica.Manager.SendAllAsync("After", []);

        var message = await client.NextAsync();
        while (message.Target == "Backplane")
            message = await client.NextAsync();
        Assert.Equal(("After", cursor.Split('.')[0]), (message.Target, message.Cursor!.Split('.')[0]));
        Assert.DoesNotContain("Lost", lines.Events);
        Assert.StartsWith("master", (string)(await standby.CommandAsync("ROLE"))[0]!, StringComparison.Ordinal);
    }
}

using Dapper;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hubbub.Server.Tests.Data;

public sealed class DatabaseSetupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_are_made_of_columns_in_snake_case_with_times_and_lists()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(5));
        await using var connection = await cluster[0].Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Stop);
        var row = await connection.QuerySingleAsync<Row>(
            "select @time as sent_at, null::timestamptz as read_at, array['a', 'b'] as user_names, array[]::text[] as no_names, @ids as ids where 'b' = any(@names)",
            new { time, ids = new[] { Guid.Empty }, names = new[] { "a", "b" } });

        Assert.Equal(time, row.SentAt);
        Assert.Equal(TimeSpan.Zero, row.SentAt.Offset);
        Assert.Null(row.ReadAt);
        Assert.Equal(["a", "b"], row.UserNames);
        Assert.Empty(row.NoNames);
    }

    [Fact]
    public async Task The_connection_string_wins_over_the_defaults()
    {
        await using var database = await TestDatabase.CreateAsync();
        foreach (var (own, expected) in new[] { (string.Empty, 5), (";Timeout=9", 9) })
        {
            await using var replica = await TestReplica.StartAsync(new Settings { ["ConnectionStrings:Hubbub"] = database.ConnectionString + own, ["Replica:Name"] = "a" });
            var settings = new NpgsqlConnectionStringBuilder(replica.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
            Assert.Equal(expected, settings.Timeout);
            Assert.Equal(GssEncryptionMode.Disable, settings.GssEncryptionMode);
        }
    }

    private sealed record Row(DateTimeOffset SentAt, DateTimeOffset? ReadAt, string[] UserNames, string[] NoNames, Array Ids);
}

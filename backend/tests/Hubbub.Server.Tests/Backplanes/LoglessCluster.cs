using System.Text.Json;
using Hubbub.Server.Tests.Chat;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Quiz;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>Two replicas, <c>a</c> and <c>b</c>, over a backplane without a log, with an administrator and a market that ticks.</summary>
internal sealed class LoglessCluster : IAsyncDisposable
{
    private readonly TestCluster _cluster;

    private LoglessCluster(TestCluster cluster) => _cluster = cluster;

    public TestReplica this[int index] => _cluster[index];

    public static async Task<LoglessCluster> StartAsync(Settings settings)
    {
        var all = new Settings
        {
            ["Accounts:SeedAdmin"] = "true",
            ["Accounts:AdminPassword"] = Person.Password,
            ["Quiz:ShippedPacks"] = "false",
            ["Stocks:TickInterval"] = "00:00:00.100",
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return new LoglessCluster(await TestCluster.StartAsync(2, all));
    }

    public async Task<ChatPerson> NewPersonAsync() => new(await _cluster[0].RegisterAsync(), [_cluster[0], _cluster[1]]);

    public async Task<QuizPerson> NewPlayerAsync() => new(await _cluster[0].RegisterAsync(), [_cluster[0], _cluster[1]]);

    public async Task<QuizPerson> AdminAsync() => new(await _cluster[0].LoginAsync("admin"), [_cluster[0], _cluster[1]]);

    /// <summary>Opens a hub as the administrator, and is in it when this returns.</summary>
    /// <param name="hub">Its route.</param>
    /// <param name="replica">Where.</param>
    /// <param name="cursor">Null for a client that does not ask to resume.</param>
    public async Task<HubClient> ConnectAsync(string hub, int replica, string? cursor = null)
    {
        var admin = await _cluster[replica].LoginAsync("admin");
        var client = await HubClient.ConnectAsync(new Uri(_cluster[replica].Url, hub), admin.AccessToken, cursor);
        await client.EnteredAsync();
        return client;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _cluster.Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> ScalarAsync(string sql)
    {
        await using var command = _cluster.Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How many messages of a room wait to be published.</summary>
    public Task<long> WaitingAsync(string room) => ScalarAsync($"select count(*) from message_outbox where room_id = '{room}'");

    /// <summary>What a client that asks to resume was told.</summary>
    public static async Task<JsonElement> ResumedAsync(HubClient client)
    {
        var answer = await client.Events.WaitForAsync("Resumed");
        Assert.Null(answer.Cursor);
        return answer.Payload;
    }

    /// <summary>The texts that a client was sent, in their order.</summary>
    public static IEnumerable<string?> Texts(HubClient client) => client.Events.Of("ReceiveMessage").Select(e => e.Text("text"));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}

using System.Text.Json;
using Hubbub.Server.Tests.Chat;
using Hubbub.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>Replicas that are connected to a stub of Azure SignalR Service, over a link that can be cut.</summary>
internal sealed class AzureCluster : IAsyncDisposable
{
    private readonly TestCluster _cluster;

    private AzureCluster(AzureStub service, FlakyLink link, TestCluster cluster) => (Service, Link, _cluster) = (service, link, cluster);

    public AzureStub Service { get; }

    /// <summary>What replicas and clients reach the service over.</summary>
    public FlakyLink Link { get; }

    public TestReplica this[int index] => _cluster[index];

    /// <param name="replicas">How many.</param>
    /// <param name="settings">Settings that win.</param>
    /// <param name="more">What is appended to the connection string.</param>
    /// <param name="map">Adds hubs.</param>
    public static async Task<AzureCluster> StartAsync(
        int replicas, Settings? settings = null, string more = "", Action<WebApplication>? map = null)
    {
        var service = await AzureStub.StartAsync();
        var link = new FlakyLink("127.0.0.1", service.Port);
        try
        {
            var all = new Settings
            {
                ["Backplane:Store"] = "azure",
                ["Azure:SignalR:ConnectionString"] = AzureStub.ConnectionString(link.Port) + more,
                ["Azure:SignalR:InitialHubServerConnectionCount"] = "2",
                ["Accounts:SeedAdmin"] = "true",
                ["Accounts:AdminPassword"] = Person.Password,
                ["Quiz:ShippedPacks"] = "false",
            };
            foreach (var (key, value) in settings ?? [])
                all[key] = value;
            return new AzureCluster(service, link, await TestCluster.StartAsync(replicas, all, map: map));
        }
        catch
        {
            await link.DisposeAsync();
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a replica answers to a client that wants to connect to a hub.</summary>
    public static Task<HttpResponseMessage> NegotiateAsync(HttpClient http, string hub, string query = "") =>
        http.PostAsync($"/{hub}/negotiate?negotiateVersion=1{query}", content: null, TestContext.Current.CancellationToken);

    /// <summary>Somebody's requests to all replicas.</summary>
    public ChatPerson Chatting(Person person) => new(person, [_cluster[0]]);

    /// <summary>Looks into the database.</summary>
    public async Task<long> ScalarAsync(string sql)
    {
        await using var command = _cluster.Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The status of readiness, and what it says about the backplane.</summary>
    public async Task<(int Status, string? Backplane)> ReadinessAsync(int replica)
    {
        using var response = await _cluster[replica].Http.GetAsync("/health/ready");
        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, body.GetProperty("checks").GetProperty("backplane").GetString());
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await Link.DisposeAsync();
        await Service.DisposeAsync();
    }
}

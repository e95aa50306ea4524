using Hubbub.Backplane.Log;
using Hubbub.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Server.Tests.Chat;

/// <summary>
/// Two replicas, <c>a</c> and <c>b</c>, for all tests of a class. They start when the first test asks for something, so that a test without
/// a store can skip.
/// </summary>
public class ChatCluster : IAsyncDisposable
{
    private readonly Lazy<Task<TestCluster>> _cluster;

    public ChatCluster()
        : this([])
    {
    }

    private protected ChatCluster(Settings settings) => _cluster = new(() => TestCluster.StartAsync(2, settings, PutFaultyLog));

    /// <summary>One of the replicas.</summary>
    internal async Task<TestReplica> ReplicaAsync(int index) => (await _cluster.Value)[index];

    /// <summary>The log of a replica.</summary>
    internal async Task<FaultyLog> LogAsync(int index) => (FaultyLog)(await ReplicaAsync(index)).Services.GetRequiredService<IMessageLog>();

    /// <summary>Somebody new, who can be at either replica.</summary>
    internal async Task<ChatPerson> NewPersonAsync()
    {
        var cluster = await _cluster.Value;
        return new ChatPerson(await cluster[0].RegisterAsync(), [cluster[0], cluster[1]]);
    }

    /// <summary>Changes what only time or an accident would change.</summary>
    internal async Task ExecuteAsync(string sql)
    {
        await using var command = (await _cluster.Value).Database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Looks into the database.</summary>
    internal async Task<long> ScalarAsync(string sql)
    {
        await using var command = (await _cluster.Value).Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated && _cluster.Value.IsCompletedSuccessfully)
            await (await _cluster.Value).DisposeAsync();
        GC.SuppressFinalize(this);
    }

    // When everything is registered, so that it wraps the store that the replica has chosen.
    private static void PutFaultyLog(WebApplicationBuilder builder) =>
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) =>
        {
            var store = services.Last(service => service.ServiceType == typeof(IMessageLog)).ImplementationFactory!;
            services.AddSingleton<IMessageLog>(provider => new FaultyLog((IMessageLog)store(provider)));
        });
}

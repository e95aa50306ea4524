using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores;
using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Stores.Postgres;
using Hubbub.Backplane.Stores.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Backplane.Tests.Stores;

public sealed class MessageLogRegistrationTests
{
    [Fact]
    public async Task Each_store_is_registered_as_one_instance()
    {
        await using var source = NpgsqlDataSource.Create("Host=nowhere.invalid");
        await AssertRegistersAsync<InMemoryMessageLog>(services => services.AddInMemoryMessageLog());
        await AssertRegistersAsync<PostgresMessageLog>(services => services.AddPostgresMessageLog(_ => source));
        await AssertRegistersAsync<RedisMessageLog>(services => services.AddRedisMessageLog(o => o.UseConnectionString("nowhere.invalid")));
    }

    [Fact]
    public async Task Settings_out_of_range_are_refused()
    {
        await using var source = NpgsqlDataSource.Create("Host=nowhere.invalid");
        Action<PostgresLogOptions>[] postgres =
        [
            o => o.Schema = "no schema",
            o => o.CommandTimeout = TimeSpan.Zero,
            o => o.KeepAlive = TimeSpan.FromHours(1),
            o => o.MaxConnections = 0,
            o => o.ProducerLifetime = TimeSpan.Zero,
        ];
        Action<RedisLogOptions>[] redis =
        [
            o => o.KeyPrefix = "{app}",
            o => o.KeyPrefix = "",
            o => o.CommandTimeout = TimeSpan.FromHours(1),
            o => o.ProducerLifetime = TimeSpan.Zero,
        ];

        Assert.All(postgres, change => AssertRefused(services => services.AddPostgresMessageLog(_ => source, change)));
        Assert.All(redis, change => AssertRefused(services => services.AddRedisMessageLog(options =>
        {
            options.UseConnectionString("localhost");
            change(options);
        })));
    }

    [Fact]
    public void Redis_without_a_server_is_refused() => AssertRefused(services => services.AddRedisMessageLog());

    private static async Task AssertRegistersAsync<T>(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection().AddLogging();
        register(services);
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        var log = provider.GetRequiredService<IMessageLog>();

        Assert.IsType<T>(log);
        Assert.Same(log, provider.GetRequiredService<IMessageLog>());
    }

    private static void AssertRefused(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection().AddLogging();
        register(services);
        using var provider = services.BuildServiceProvider();

        // What the host does when it starts.
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }
}

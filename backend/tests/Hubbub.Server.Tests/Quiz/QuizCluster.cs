using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hubbub.Server.Tests.Quiz;

/// <summary>
/// Two replicas, <c>a</c> and <c>b</c>, with an administrator and without questions, for all tests of a class. They start when the first
/// test asks for something, so that a test without a store can skip.
/// </summary>
public class QuizCluster : IAsyncDisposable
{
    private const string AdminPassword = "an administrator's password";

    private readonly Lazy<Task<TestCluster>> _cluster;

    public QuizCluster()
        : this([])
    {
    }

    private protected QuizCluster(Settings settings) => _cluster = new(() => StartAsync(settings));

    /// <summary>One of the replicas.</summary>
    internal async Task<TestReplica> ReplicaAsync(int index) => (await _cluster.Value)[index];

    /// <summary>Something inside of a replica.</summary>
    internal async Task<T> ServiceAsync<T>(int replica = 0)
        where T : notnull => (await ReplicaAsync(replica)).Services.GetRequiredService<T>();

    /// <summary>Somebody new, who can be at either replica.</summary>
    internal async Task<QuizPerson> NewPersonAsync()
    {
        var cluster = await _cluster.Value;
        return new QuizPerson(await cluster[0].RegisterAsync(), [cluster[0], cluster[1]]);
    }

    /// <summary>The administrator, at either replica.</summary>
    internal async Task<QuizPerson> AdminAsync()
    {
        var cluster = await _cluster.Value;
        return await AdminAsync([cluster[0], cluster[1]]);
    }

    /// <summary>Changes what only time or an accident would change, or looks at what nobody shows. The first value, if there is one.</summary>
    internal async Task<object?> ExecuteAsync(string sql, params object[] parameters) =>
        await ExecuteAsync((await _cluster.Value).Database.Source, sql, parameters);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated && _cluster.Value.IsCompletedSuccessfully)
            await (await _cluster.Value).DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal static Task<TestCluster> StartAsync(Settings settings)
    {
        var all = new Settings
        {
            ["Accounts:SeedAdmin"] = "true",
            ["Accounts:AdminPassword"] = AdminPassword,
            ["Quiz:ShippedPacks"] = "false",
            ["Quiz:AnswersPerUser:Burst"] = "100000",
            ["Quiz:AnswersPerUser:PerSecond"] = "10000",
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return TestCluster.StartAsync(2, all);
    }

    internal static async Task<QuizPerson> AdminAsync(IReadOnlyList<TestReplica> replicas) =>
        new(await replicas[0].LoginAsync("admin", AdminPassword), replicas);

    internal static async Task<object?> ExecuteAsync(NpgsqlDataSource database, string sql, params object[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await command.ExecuteScalarAsync();
    }
}

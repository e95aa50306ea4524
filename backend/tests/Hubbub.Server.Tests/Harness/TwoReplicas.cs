namespace Hubbub.Server.Tests.Harness;

/// <summary>Two replicas for all tests of a class: <c>IClassFixture&lt;TwoReplicas&gt;</c>. Tests bring their own people and leave the replicas alone.</summary>
public sealed class TwoReplicas : IAsyncLifetime
{
    private TestCluster? _cluster;

    internal TestReplica A => Cluster[0];

    internal TestReplica B => Cluster[1];

    internal TestDatabase Database => Cluster.Database;

    // Only a test can be skipped, a fixture that gives up is an error: so the test finds out that there is no server.
    private TestCluster Cluster => _cluster ?? throw PostgresServer.SkipOrFail();

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.IsThere)
            _cluster = await TestCluster.StartAsync(2);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

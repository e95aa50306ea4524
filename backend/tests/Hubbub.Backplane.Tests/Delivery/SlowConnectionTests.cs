using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Delivery;

/// <summary>A connection that does not read delays nobody else.</summary>
public sealed class SlowConnectionTests : IAsyncLifetime
{
    private readonly Replica _replica = new(new InMemoryMessageLog(), "slow:", options => options.MaxConnectionBacklog = 100);

    /// <inheritdoc />
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _replica.DisposeAsync();

    [Fact]
    public async Task Others_get_everything_while_one_does_not_read_and_it_gets_everything_once_it_does()
    {
        var slow = await ConnectSlowAsync();
        var quick = await _replica.ConnectAsync();
        for (var i = 0; i < 100; i++)
        {
            await _replica.Manager.SendAllAsync("N", [i]);
            await quick.ExpectAsync("N", i);
        }

        for (var i = 0; i < 100; i++)
            await slow.ExpectAsync("N", i);
    }

    [Fact]
    public async Task One_that_falls_too_far_behind_is_dropped_and_the_others_go_on()
    {
        var slow = await ConnectSlowAsync();
        var quick = await _replica.ConnectAsync();
        for (var i = 0; i < 150; i++)
        {
            await _replica.Manager.SendAllAsync("N", [i]);
            await quick.ExpectAsync("N", i);
        }

        await Eventually.IsTrueAsync(() => slow.Connection.ConnectionAborted.IsCancellationRequested, "the slow connection is dropped");
        Assert.False(quick.Connection.ConnectionAborted.IsCancellationRequested);
    }

    /// <summary>A client whose pipe is full after its first message.</summary>
    private async Task<TestClient> ConnectSlowAsync()
    {
        var client = new TestClient(pauseWriterAt: 8);
        await _replica.Manager.OnConnectedAsync(client.Connection);
        return client;
    }
}

using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Publish;

/// <summary>Sends that were under way when the store lost everything and began anew.</summary>
public sealed class NewEpochTests : IAsyncLifetime
{
    private readonly FaultyLog _log = new(new InMemoryMessageLog());
    private Replica _replica = null!;

    /// <inheritdoc />
    public ValueTask InitializeAsync()
    {
        _replica = new Replica(_log, "anew:", options =>
        {
            options.PublishBudget = TimeSpan.FromSeconds(20);
            // The reader learns of the new epoch when it is told to, by what is appended.
            options.PollInterval = TimeSpan.FromMinutes(1);
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _replica.DisposeAsync();

    [Fact]
    public async Task One_that_may_have_been_stored_before_fails_instead_of_being_told_late()
    {
        await ReadAsync();
        _log.LoseAnswers(int.MaxValue);
        var send = _replica.Manager.SendAllAsync("Doubtful", []);
        await Eventually.IsTrueAsync(() => _log.Appends > 2, "it is tried again");

        _log.LoseEverything();
        _log.LoseAnswers(0);
        var failure = await Assert.ThrowsAsync<BackplaneUnavailableException>(() => send);
        Assert.Contains("begun anew", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await TailAsync());
    }

    [Fact]
    public async Task One_with_a_key_fails_even_if_this_replica_has_not_tried_it_since_another_may_have()
    {
        await ReadAsync();
        _log.LoseEverything();
        await Assert.ThrowsAsync<BackplaneUnavailableException>(() => _replica.Manager.SendAllAsync("Keyed", [new Keyed("k")]));
        Assert.Equal(0, await TailAsync());

        // Whoever sends it again has looked since, and is told in the new epoch.
        await _replica.Manager.SendAllAsync("Keyed", [new Keyed("k")]);
        Assert.Equal(1, await TailAsync());
    }

    [Fact]
    public async Task One_that_was_never_tried_and_is_nobody_elses_goes_into_the_new_epoch()
    {
        await ReadAsync();
        _log.LoseEverything();
        await _replica.Manager.SendAllAsync("Plain", []);
        Assert.Equal(1, await TailAsync());
    }

    /// <summary>Lets the replica read in the epoch that is about to end.</summary>
    private async Task ReadAsync()
    {
        var client = await _replica.ConnectAsync();
        await _replica.Manager.SendAllAsync("Known", []);
        await client.ExpectAsync("Known");
    }

    private async Task<long> TailAsync() =>
        (await _log.OpenAsync("anew:" + typeof(TestHub).FullName, TestContext.Current.CancellationToken)).Tail;

    private sealed record Keyed(string IdempotencyKey) : IIdempotentPayload;
}

using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Publish;

/// <summary>The store is away when a replica needs it for the first time. Nothing may stay half done because of it.</summary>
public sealed class FirstContactTests : IAsyncDisposable
{
    private readonly FaultyLog _log = new(new InMemoryMessageLog());
    private readonly LogLines _lines = new();

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _lines.Dispose();
    }

    [Fact]
    public async Task A_connection_that_was_refused_can_disconnect_and_the_outage_is_logged_once()
    {
        _log.IsAway = true;
        await using var replica = new Replica(_log, "first:", o => o.PublishBudget = TimeSpan.FromMilliseconds(100), loggers: _lines);
        for (var i = 0; i < 3; i++)
        {
            var client = new TestClient();
            await Assert.ThrowsAsync<BackplaneUnavailableException>(() => replica.Manager.OnConnectedAsync(client.Connection));
            await client.EndAsync(replica.Manager);
        }

        Assert.Equal("StoreAway", Assert.Single(_lines.Events));
    }

    [Fact]
    public async Task A_replica_whose_first_contact_fails_is_in_need_of_nothing_later()
    {
        _log.IsAway = true;
        await using var replica = new Replica(_log, "first:", o => o.PollInterval = TimeSpan.FromMinutes(1));
        await using var other = new Replica(_log, "first:");
        await Eventually.IsTrueAsync(() => replica.Status.IsAway && other.Status.IsAway, "both have tried");
        _log.IsAway = false;

        // Everything that could have been subscribed to and was not: the doorbell, all, users, groups, group changes, calls and their results.
        var client = await replica.ConnectAsync("ann");
        await other.ConnectAsync();
        await other.Manager.AddToGroupAsync(client.Id, "g");
        await other.Manager.SendAllAsync("All", []);
        await other.Manager.SendUserAsync("ann", "User", []);
        await other.Manager.SendGroupAsync("g", "Group", []);
        var result = other.Manager.InvokeConnectionAsync<object>(client.Id, "Call", [], default);
        await client.ExpectAsync("All");
        await client.ExpectAsync("User");
        await client.ExpectAsync("Group");
        var call = await client.ExpectAsync("Call");
        await replica.Manager.SetConnectionResultAsync(client.Id, CompletionMessage.WithError(call.InvocationId!, "no"));
        await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_first_join_that_fails_can_be_repeated_and_others_can_join_too(bool fromAnotherReplica)
    {
        await using var replica = new Replica(_log, "first:", o => o.PublishBudget = TimeSpan.FromSeconds(1));
        await using var other = new Replica(_log, "first:", o => o.PublishBudget = TimeSpan.FromSeconds(1));
        var (a, b) = (await replica.ConnectAsync(), await replica.ConnectAsync());
        await other.ConnectAsync();
        var from = fromAnotherReplica ? other : replica;

        _log.IsAway = true;
        var failure = await Record.ExceptionAsync(() => from.Manager.AddToGroupAsync(a.Id, "g"));
        Assert.Equal(fromAnotherReplica, failure is BackplaneUnavailableException);
        _log.IsAway = false;

        await from.Manager.AddToGroupAsync(a.Id, "g");
        await from.Manager.AddToGroupAsync(b.Id, "g");
        await other.Manager.SendGroupAsync("g", "Once", []);
        await other.Manager.SendAllAsync("Next", []);
        foreach (var client in new[] { a, b })
        {
            await client.ExpectAsync("Once");
            await client.ExpectAsync("Next");
        }
    }
}

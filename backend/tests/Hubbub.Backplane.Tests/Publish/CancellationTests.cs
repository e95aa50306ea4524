using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane.Tests.Publish;

/// <summary>
/// Whoever waits for the store may stop waiting, in each method. What was cancelled may still be stored, as after any failure; what others
/// send is not touched. A send never waits for a connection, so there is nothing else to cancel.
/// </summary>
public sealed class CancellationTests : IAsyncLifetime
{
    private readonly FaultyLog _log = new(new InMemoryMessageLog());
    private Replica _replica = null!;
    private Replica _other = null!;
    private TestClient _client = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        // Longer than any test waits: only the token can end a send.
        _replica = new Replica(_log, "cancel:", options => options.PublishBudget = TimeSpan.FromMinutes(5));
        _other = new Replica(_log, "cancel:", options => options.PublishBudget = TimeSpan.FromMinutes(5));
        _client = await _other.ConnectAsync("ann");
        await _other.Manager.AddToGroupAsync(_client.Id, "g");
        await _replica.ConnectAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _log.IsAway = false;
        await _replica.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendAllAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendAllExceptAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendConnectionAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendConnectionsAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendGroupAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendGroupsAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendGroupExceptAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendUserAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.SendUsersAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.AddToGroupAsync))]
    [InlineData(nameof(HubLifetimeManager<TestHub>.RemoveFromGroupAsync))]
    public async Task A_send_that_waits_for_the_store_ends_when_its_token_fires(string method)
    {
        using var cancel = new CancellationTokenSource();
        _log.IsAway = true;
        var appends = _log.Appends;
        var cancelled = SendAsync(method, cancel.Token);
        var patient = _replica.Manager.SendConnectionAsync(_client.Id, "Patient", []);
        await Eventually.IsTrueAsync(() => _log.Appends > appends, "the store is tried");
        Assert.False(cancelled.IsCompleted);

        await cancel.CancelAsync();
        var end = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Eventually.Limit));
        Assert.Equal(cancel.Token, end.CancellationToken);
        Assert.False(patient.IsCompleted);

        _log.IsAway = false;
        await patient;
        var next = await _client.NextAsync();
        Assert.Equal("Patient", next.Target == "Cancelled" ? (await _client.NextAsync()).Target : next.Target);
    }

    [Fact]
    public async Task A_call_that_waits_for_the_store_ends_when_its_token_fires()
    {
        using var cancel = new CancellationTokenSource();
        _log.IsAway = true;
        var appends = _log.Appends;
        var result = _replica.Manager.InvokeConnectionAsync<int>(_client.Id, "Cancelled", [], cancel.Token);
        await Eventually.IsTrueAsync(() => _log.Appends > appends, "the store is tried");
        Assert.False(result.IsCompleted);

        await cancel.CancelAsync();
        var end = await Assert.ThrowsAsync<HubException>(() => result.WaitAsync(Eventually.Limit));
        Assert.Equal("Invocation canceled by the server.", end.Message);

        _log.IsAway = false;
        await _replica.Manager.SendConnectionAsync(_client.Id, "Patient", []);
        var call = await _client.ExpectAsync("Cancelled");
        await _client.ExpectAsync("Patient");
        Assert.False(_other.Manager.TryGetReturnType(call.InvocationId!, out _), "the call is forgotten where the client is");
    }

    private Task SendAsync(string method, CancellationToken token) => method switch
    {
        nameof(_replica.Manager.SendAllAsync) => _replica.Manager.SendAllAsync("Cancelled", [], token),
        nameof(_replica.Manager.SendAllExceptAsync) => _replica.Manager.SendAllExceptAsync("Cancelled", [], ["nobody"], token),
        nameof(_replica.Manager.SendConnectionAsync) => _replica.Manager.SendConnectionAsync(_client.Id, "Cancelled", [], token),
        nameof(_replica.Manager.SendConnectionsAsync) => _replica.Manager.SendConnectionsAsync([_client.Id], "Cancelled", [], token),
        nameof(_replica.Manager.SendGroupAsync) => _replica.Manager.SendGroupAsync("g", "Cancelled", [], token),
        nameof(_replica.Manager.SendGroupsAsync) => _replica.Manager.SendGroupsAsync(["g"], "Cancelled", [], token),
        nameof(_replica.Manager.SendGroupExceptAsync) => _replica.Manager.SendGroupExceptAsync("g", "Cancelled", [], ["nobody"], token),
        nameof(_replica.Manager.SendUserAsync) => _replica.Manager.SendUserAsync("ann", "Cancelled", [], token),
        nameof(_replica.Manager.SendUsersAsync) => _replica.Manager.SendUsersAsync(["ann"], "Cancelled", [], token),
        nameof(_replica.Manager.AddToGroupAsync) => _replica.Manager.AddToGroupAsync(_client.Id, "h", token),
        nameof(_replica.Manager.RemoveFromGroupAsync) => _replica.Manager.RemoveFromGroupAsync(_client.Id, "h", token),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, message: null),
    };
}

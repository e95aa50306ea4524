using Hubbub.Backplane.Stores;
using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Publish;

/// <summary>What no store takes is refused to whoever sends it, and to nobody who happens to send at the same time.</summary>
public sealed class RecordLimitTests : IAsyncLifetime
{
    private readonly FaultyLog _log = new(new InMemoryMessageLog());
    private Replica _replica = null!;
    private TestClient _client = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        _replica = new Replica(_log, "limits:", options =>
        {
            options.PublishBudget = TimeSpan.FromMinutes(1);
            options.MaxQueuedBytes = 512 * 1024 * 1024;
        });
        _client = await _replica.ConnectAsync();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _replica.DisposeAsync();

    [Fact]
    public async Task A_record_that_is_too_large_fails_its_sender_clearly_and_at_once_and_nobody_else()
    {
        _log.IsAway = true;
        var before = _replica.Manager.SendAllAsync("Before", []);
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => _replica.Manager.SendAllAsync("Huge", [new string('a', LogArguments.MaxBodyBytes)]));
        var after = _replica.Manager.SendAllAsync("After", []);
        Assert.Contains("at most 16777216 bytes", error.Message, StringComparison.Ordinal);
        _log.IsAway = false;

        await Task.WhenAll(before, after);
        await _client.ExpectAsync("Before");
        await _client.ExpectAsync("After");
    }

    [Fact]
    public async Task A_key_that_is_too_long_fails_its_sender_only()
    {
        _log.IsAway = true;
        var before = _replica.Manager.SendAllAsync("Before", []);
        await Assert.ThrowsAsync<ArgumentException>(() => _replica.Manager.SendGroupAsync(new string('g', 300), "Keyed", [new SentOnce("k")]));
        _log.IsAway = false;

        await before;
        await _client.ExpectAsync("Before");
    }

    [Fact]
    public async Task A_send_to_more_than_a_store_takes_together_fails_its_sender_only()
    {
        _log.IsAway = true;
        var before = _replica.Manager.SendAllAsync("Before", []);
        await Assert.ThrowsAsync<ArgumentException>(() => _replica.Manager.SendUsersAsync(Users(LogArguments.MaxBatchRecords + 1), "Many", []));
        _log.IsAway = false;

        await before;
        await _client.ExpectAsync("Before");
    }

    [Fact]
    public async Task A_send_that_fits_only_alone_does_not_share_a_batch()
    {
        _log.IsAway = true;
        var first = _replica.Manager.SendAllAsync("First", []);
        var appends = _log.Appends;
        await Eventually.IsTrueAsync(() => _log.Appends > appends, "the first is a batch of its own, the others wait");
        var before = _replica.Manager.SendAllAsync("Before", []);
        var most = _replica.Manager.SendUsersAsync(Users(LogArguments.MaxBatchRecords), "Many", []);
        var after = _replica.Manager.SendAllAsync("After", []);
        _log.IsAway = false;

        await Task.WhenAll(first, before, most, after);
        await _client.ExpectAsync("First");
        await _client.ExpectAsync("Before");
        await _client.ExpectAsync("After");
    }

    [Fact]
    public async Task A_result_that_is_too_large_fails_the_call_that_waits_for_it()
    {
        await using var caller = new Replica(_log, "limits:");
        await caller.ConnectAsync();
        var result = caller.Manager.InvokeConnectionAsync<string>(_client.Id, "Read", [], default);
        var call = await _client.ExpectAsync("Read");
        var huge = new RawResult(new(System.Text.Encoding.UTF8.GetBytes($"\"{new string('a', LogArguments.MaxBodyBytes)}\"")));
        await _replica.Manager.SetConnectionResultAsync(_client.Id, CompletionMessage.WithResult(call.InvocationId!, huge));
        Assert.Equal("The result is too large.", (await Assert.ThrowsAsync<HubException>(() => result)).Message);
    }

    private static string[] Users(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];
}

using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>Results of clients, asked for on one replica and given on the other.</summary>
public abstract partial class EndToEndSpecification
{
    [Theory]
    [InlineData("talk")]
    [InlineData("typed")]
    public async Task A_hub_method_gets_the_result_of_a_client_of_another_replica(string hub)
    {
        await using var caller = await ConnectAsync(_a, hub);
        await using var asked = await ConnectAsync(_b, hub);
        var result = caller.InvokeAsync<int>("Ask", asked.ConnectionId, 3);
        (await asked.ExpectAsync("Ask", 3)).Answer(10);
        Assert.Equal(10, await result);
    }

    [Theory]
    [InlineData("json", "messagepack")]
    [InlineData("messagepack", "json")]
    [InlineData("messagepack", "messagepack")]
    public async Task Caller_and_client_may_speak_different_hub_protocols(string callers, string clients)
    {
        await using var caller = await ConnectAsync(_a, protocol: callers);
        await using var asked = await ConnectAsync(_b, protocol: clients);
        var result = caller.InvokeAsync<int>("Ask", asked.ConnectionId, 3);
        (await asked.ExpectAsync("Ask", 3)).Answer(10);
        Assert.Equal(10, await result);
    }

    [Fact]
    public async Task The_hub_context_of_another_replica_gets_a_clients_result()
    {
        await using var talking = await ConnectAsync(_a, "talk");
        await using var typed = await ConnectAsync(_a, "typed");
        var fromTalking = Talk(_b).Client(talking.ConnectionId).InvokeAsync<int>("Ask", 1, default);
        var fromTyped = _b.Services.GetRequiredService<IHubContext<TypedTalkHub, ITalkClient>>().Clients.Client(typed.ConnectionId).Ask(2);
        (await typed.ExpectAsync("Ask", 2)).Answer(20);
        (await talking.ExpectAsync("Ask", 1)).Answer(10);
        Assert.Equal((10, 20), (await fromTalking, await fromTyped));
    }

    [Fact]
    public async Task A_streaming_hub_method_gets_results_between_its_items()
    {
        await using var caller = await ConnectAsync(_a);
        await using var asked = await ConnectAsync(_b);
        var items = caller.StreamAsync("AskOneAfterTheOther", asked.ConnectionId, 3);
        for (var i = 1; i <= 3; i++)
            (await asked.ExpectAsync("Ask", i)).Answer(i * 10);
        Assert.Equal([10, 20, 30], await items);
    }

    [Fact]
    public async Task A_hub_method_that_is_streamed_to_gets_results_between_what_it_reads()
    {
        await using var caller = await ConnectAsync(_a);
        await using var asked = await ConnectAsync(_b);
        var sum = caller.InvokeAsync<int>("AskForEach", asked.ConnectionId, new[] { 1, 2, 3 }.ToAsyncEnumerable());
        for (var i = 1; i <= 3; i++)
            (await asked.ExpectAsync("Ask", i)).Answer(i * 10);
        Assert.Equal(60, await sum);
    }

    [Fact]
    public async Task A_clients_error_fails_the_hub_method_with_its_text()
    {
        await using var caller = await ConnectAsync(_a);
        await using var asked = await ConnectAsync(_b);
        var result = caller.InvokeAsync<int>("Ask", asked.ConnectionId, 3);
        (await asked.ExpectAsync("Ask", 3)).Fail("I cannot add.");
        Assert.Contains("I cannot add.", (await Assert.ThrowsAsync<HubException>(() => result)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_of_another_type_fails_the_hub_method()
    {
        await using var caller = await ConnectAsync(_a);
        await using var asked = await ConnectAsync(_b);
        var result = caller.InvokeAsync<int>("Ask", asked.ConnectionId, 3);
        (await asked.ExpectAsync("Ask", 3)).Answer("ten");
        var error = await Assert.ThrowsAsync<HubException>(() => result);
        Assert.Contains("Error trying to deserialize result to Int32.", error.Message, StringComparison.Ordinal);
        await asked.InvokeAsync<string>("Here");
    }

    [Fact]
    public async Task Asking_a_client_that_is_nowhere_or_goes_fails_the_hub_method()
    {
        await using var caller = await ConnectAsync(_a);
        await Assert.ThrowsAsync<HubException>(() => caller.InvokeAsync<int>("Ask", "nowhere", 1));
        Assert.Equal("Connection 'nowhere' does not exist.", Assert.IsType<IOException>(await _a.Outcomes.NextAsync()).Message);

        var asked = await ConnectAsync(_b);
        var result = caller.InvokeAsync<int>("Ask", asked.ConnectionId, 1);
        await asked.ExpectAsync("Ask", 1);
        await asked.DisposeAsync();
        await Assert.ThrowsAsync<HubException>(() => result);
        Assert.Equal("Connection disconnected.", Assert.IsType<HubException>(await _a.Outcomes.NextAsync()).Message);
    }

    [Fact]
    public async Task Asking_while_a_connection_comes_is_refused()
    {
        await using var asked = await ConnectAsync(_b);
        await using var client = await ConnectAsync(_a, query: $"askOnConnected={asked.ConnectionId}");
        Assert.IsType<InvalidOperationException>(await _a.Outcomes.NextAsync());
        await client.InvokeAsync("SayToAll", "Nobody asked");
        await asked.ExpectAsync("Say", "Nobody asked");
    }

    [Fact]
    public async Task A_client_that_has_gone_cannot_be_asked_in_parting_and_another_can()
    {
        await using (await ConnectAsync(_a, query: "askOnDisconnected=caller"))
        {
        }

        Assert.IsType<IOException>(await _a.Outcomes.NextAsync());

        await using var asked = await ConnectAsync(_b);
        await using (await ConnectAsync(_a, query: $"askOnDisconnected={asked.ConnectionId}"))
        {
        }

        (await asked.ExpectAsync("Ask", 1)).Answer(10);
        Assert.Null(await _a.Outcomes.NextAsync());
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_a_late_answer_does_no_harm()
    {
        await using var asked = await ConnectAsync(_a);
        using var cancel = new CancellationTokenSource();
        var result = Talk(_b).Client(asked.ConnectionId).InvokeAsync<int>("Ask", 1, cancel.Token);
        var call = await asked.ExpectAsync("Ask", 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<HubException>(() => result);
        call.Answer(10);
        Assert.Equal(asked.ConnectionId, await asked.InvokeAsync<string>("Here"));
    }

    [Fact]
    public async Task A_caller_that_goes_ends_the_wait_of_its_hub_method()
    {
        await using var asked = await ConnectAsync(_b);
        ServerCall call;
        await using (var caller = await ConnectAsync(_a))
        {
            // Its own completion will never be seen.
            _ = caller.InvokeAsync<int>("Ask", asked.ConnectionId, 1);
            call = await asked.ExpectAsync("Ask", 1);
        }

        Assert.Equal("Invocation canceled by the server.", Assert.IsType<HubException>(await _a.Outcomes.NextAsync()).Message);
        call.Answer(10);
        Assert.Equal(asked.ConnectionId, await asked.InvokeAsync<string>("Here"));
    }

    [Fact]
    public async Task Waiting_for_a_result_does_not_block_what_the_client_sends()
    {
        await using var client = await ConnectAsync(_a);
        await using var other = await ConnectAsync(_b);
        var fromItself = client.InvokeAsync<int>("AskCaller", 1);
        var ownCall = await client.ExpectAsync("Ask", 1);
        var fromOther = client.InvokeAsync<int>("Ask", other.ConnectionId, 2);
        var othersCall = await other.ExpectAsync("Ask", 2);

        // Two hub methods of this connection wait; a third one runs, and so does what was sent.
        Assert.Equal(client.ConnectionId, await client.InvokeAsync<string>("Here"));
        await client.InvokeAsync("SayToAll", "Still here");
        await client.ExpectAsync("Say", "Still here");
        Assert.False(fromItself.IsCompleted || fromOther.IsCompleted);

        othersCall.Answer(20);
        ownCall.Answer(10);
        Assert.Equal((10, 20), (await fromItself, await fromOther));
    }

    [Fact]
    public async Task Many_results_at_a_time_reach_whoever_waits_for_them()
    {
        await using var asked = await ConnectAsync(_b);
        HubApp[] apps = [_a, _b];
        var results = Enumerable.Range(0, 40).Select(i => Talk(apps[i % 2]).Client(asked.ConnectionId).InvokeAsync<int>("Ask", i, default)).ToList();
        var calls = new List<ServerCall>();
        for (var i = 0; i < results.Count; i++)
            calls.Add(await asked.NextAsync());
        foreach (var call in Enumerable.Reverse(calls))
            call.Answer((int)call.Arguments[0]! * 10);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i * 10), await Task.WhenAll(results).WaitAsync(Eventually.Limit));
    }

    private static IHubClients Talk(HubApp app) => app.Services.GetRequiredService<IHubContext<TalkHub>>().Clients;
}

using System.Text.Json;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;
using Microsoft.AspNetCore.SignalR.Client;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>SignalR's own client, which negotiates with a replica and follows the redirect to the service.</summary>
internal sealed class AzureClient : IAsyncDisposable
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AzureClient(HubConnection connection) => Connection = connection;

    public HubConnection Connection { get; }

    /// <summary>What the hub has called.</summary>
    public HubEvents Events { get; } = new();

    /// <summary>Completes when the connection has ended.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Connects to a hub.</summary>
    /// <param name="replica">The replica that is asked.</param>
    /// <param name="person">Who connects.</param>
    /// <param name="hub">The hub's route, with a query if there is one.</param>
    /// <param name="calls">The client methods to listen for, each with one argument.</param>
    public static async Task<AzureClient> ConnectAsync(TestReplica replica, Person person, string hub, params string[] calls)
    {
        var client = new AzureClient(new HubConnectionBuilder()
            .WithUrl(new Uri(replica.Url, hub), http => http.AccessTokenProvider = () => Task.FromResult<string?>(person.AccessToken))
            .Build());
        foreach (var call in calls)
            client.Connection.On<JsonElement>(call, argument => client.Events.Add(new HubEvent(call, [argument], Cursor: null)));
        client.Connection.Closed += _ =>
        {
            client._closed.TrySetResult();
            return Task.CompletedTask;
        };
        await client.Connection.StartAsync(TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Calls a hub method that has a result.</summary>
    public Task<JsonElement> InvokeAsync(string method, params object?[] arguments) =>
        Connection.InvokeCoreAsync<JsonElement>(method, arguments, TestContext.Current.CancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}

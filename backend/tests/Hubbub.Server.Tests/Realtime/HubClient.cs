using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Server.Tests.Realtime;

/// <summary>SignalR's own client over a WebSocket, with all that the hub calls on it kept for tests to look at.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HubConnection _connection;
    private readonly ClientSocket _socket = new();
    private readonly TaskCompletionSource<string?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HubClient(Uri hub)
    {
        var builder = new HubConnectionBuilder().WithUrl(hub, HttpTransportType.WebSockets, http =>
        {
            http.SkipNegotiation = true;
            http.WebSocketFactory = _socket.ConnectAsync;
        });
        builder.Services.AddSingleton<IHubProtocol>(new RecordingProtocol(new JsonHubProtocol(), Events));
        _connection = builder.Build();
        _connection.Closed += error =>
        {
            Events.End(error ?? new InvalidOperationException("The hub closed the connection."));
            _closed.TrySetResult(error?.Message);
            return Task.CompletedTask;
        };
    }

    /// <summary>What the hub has called.</summary>
    public HubEvents Events { get; } = new();

    /// <summary>Completes when the connection has ended: with null if the hub ended it and gave no error.</summary>
    public Task<string?> Closed => _closed.Task;

    /// <summary>Connects and shakes hands. The hub may still be busy with the connection: see <see cref="EnteredAsync"/>.</summary>
    /// <param name="hub">The hub's address, http or https.</param>
    /// <param name="accessToken">Goes into the query, as in a browser.</param>
    /// <param name="cursor">Null for a client that does not resume.</param>
    public static async Task<HubClient> ConnectAsync(Uri hub, string? accessToken, string? cursor = null)
    {
        var query = new List<string>();
        if (accessToken is not null)
            query.Add($"access_token={Uri.EscapeDataString(accessToken)}");
        if (cursor is not null)
            query.Add($"cursor={Uri.EscapeDataString(cursor)}");

        var client = new HubClient(new UriBuilder(hub) { Query = string.Join('&', query) }.Uri);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await client._connection.StartAsync(patience.Token);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls a hub method and waits for its result; an undefined element if it has none.</summary>
    /// <exception cref="HubCallException">The hub answered with an error.</exception>
    public async Task<JsonElement> InvokeAsync(string method, params object?[] arguments)
    {
        try
        {
            return await _connection.InvokeCoreAsync(method, typeof(JsonElement), arguments).WaitAsync(Patience) is JsonElement result ? result : default;
        }
        catch (HubException e)
        {
            throw new HubCallException(e.Message);
        }
    }

    /// <summary>Calls a hub method with arguments that are written as they are, for what no serialiser would write.</summary>
    /// <param name="method">The hub method.</param>
    /// <param name="arguments">JSON, an element for each argument.</param>
    public Task<JsonElement> InvokeRawAsync(string method, params string[] arguments) =>
        InvokeAsync(method, [.. arguments.Select(one => new RawJson(one))]);

    /// <summary>Asks a hub method for its stream.</summary>
    public HubStream Stream(string method, params object?[] arguments)
    {
        var cancel = new CancellationTokenSource();
        var stream = new HubStream(cancel);
        _ = stream.ReadAsync(_connection.StreamAsyncCore<JsonElement>(method, arguments, cancel.Token));
        return stream;
    }

    /// <summary>Reads nothing from the network until the result is disposed of: it fills up.</summary>
    public IDisposable HoldReads() => _socket.HoldReads();

    /// <summary>
    /// Returns when the hub's <c>OnConnectedAsync</c> has run: the handshake is answered before it, calls only after it, even those of methods
    /// that do not exist.
    /// </summary>
    public async Task EnteredAsync()
    {
        try
        {
            await InvokeAsync("NoSuchMethod");
        }
        catch (HubCallException)
        {
            // The answer.
        }
    }

    /// <summary>Drops the connection without a word, as a broken network does.</summary>
    public void Abort() => _socket.Abort();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _socket.Dispose();
    }
}

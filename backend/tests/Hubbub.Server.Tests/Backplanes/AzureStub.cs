using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.SignalR.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>
/// What Azure SignalR Service does for replicas and clients, as the package's protocol lets one see it: replicas connect to <c>/server/</c>, clients
/// to <c>/client/</c>. The real one is not here to compare it with.
/// </summary>
internal sealed class AzureStub : IAsyncDisposable
{
    /// <summary>The access key of the connection string.</summary>
    public const string Key = "c2VjcmV0IG9mIHRoZSBzdHViIGZvciB0aGUgdGVzdHMgb2YgaHViYnVi";

    // As the package does by itself, and token libraries with it: "sub" and "role" come out under long names.
    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = true };

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<AzureStubReplica, bool> _replicas = new();
    private readonly ConcurrentDictionary<string, AzureStubClient> _clients = new(StringComparer.Ordinal);

    private AzureStub(WebApplication app) => _app = app;

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>A connection string for it.</summary>
    /// <param name="port">The port of the stub, or of a relay in front of it.</param>
    public static string ConnectionString(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"Endpoint=http://127.0.0.1:{port};AccessKey={Key};Version=1.0;");

    public static async Task<AzureStub> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var stub = new AzureStub(app);
        app.UseWebSockets();
        app.Map("/server/", stub.ServeReplicaAsync);
        app.MapPost("/client/negotiate", stub.NegotiateAsync);
        app.Map("/client/", stub.ServeClientAsync);
        await app.StartAsync();
        return stub;
    }

    /// <summary>What is in a token that the stub accepts.</summary>
    /// <param name="token">From a redirect, or from a replica's connection.</param>
    /// <param name="path"><c>client</c> or <c>server</c>.</param>
    /// <param name="hub">In lower case.</param>
    public static async Task<ClaimsIdentity?> ReadTokenAsync(string? token, string path, string hub)
    {
        var rules = new TokenValidationParameters
        {
            IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Key)),
            ValidIssuer = "azure-signalr",
            ValidAudience = $"http://127.0.0.1/{path}/?hub={hub}",
            ClockSkew = TimeSpan.Zero,
        };
        var result = await Tokens.ValidateTokenAsync(token, rules);
        return result.IsValid ? result.ClaimsIdentity : null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
            client.End();
        foreach (var replica in _replicas.Keys)
            replica.Abort();
        await _app.DisposeAsync();
    }

    private static Task<ClaimsIdentity?> ReadTokenAsync(HttpContext context, string path)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : context.Request.Query["access_token"].ToString();
        return ReadTokenAsync(token, path, context.Request.Query["hub"].ToString());
    }

    private async Task NegotiateAsync(HttpContext context)
    {
        if (await ReadTokenAsync(context, "client") is null)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var id = Guid.NewGuid().ToString("n");
        await context.Response.WriteAsJsonAsync(new
        {
            negotiateVersion = 1,
            connectionId = id,
            connectionToken = id,
            availableTransports = new[] { new { transport = "WebSockets", transferFormats = new[] { "Text", "Binary" } } },
        });
    }

    private async Task ServeReplicaAsync(HttpContext context)
    {
        var hub = context.Request.Query["hub"].ToString();
        if (await ReadTokenAsync(context, "server") is null)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var replica = new AzureStubReplica(hub, context.Request.Headers["X-ASRS-Server-Id"].ToString(), socket);
        try
        {
            await foreach (var message in replica.ReadAsync(context.RequestAborted))
                Handle(replica, message);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            // It has ended.
        }
        finally
        {
            _replicas.TryRemove(replica, out _);
            foreach (var client in _clients.Values.Where(client => client.Replica == replica))
                client.End();
        }
    }

    private async Task ServeClientAsync(HttpContext context)
    {
        var hub = context.Request.Query["hub"].ToString();
        if (await ReadTokenAsync(context, "client") is not { } identity)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var sticky = identity.FindFirst("asrs.s.sn")?.Value;
        var replica = _replicas.Keys.Where(r => r.Hub == hub).OrderByDescending(r => r.ServerId == sticky).FirstOrDefault();
        if (replica is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var client = new AzureStubClient(context.Request.Query["id"].ToString(), hub, identity.FindFirst("asrs.s.uid")?.Value, replica, socket);
        _clients[client.Id] = client;
        try
        {
            var query = QueryString.Create(context.Request.Query.Where(pair => pair.Key is not ("access_token" or "id")));
            await client.RunAsync([.. identity.Claims], query.Value!, context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It has gone.
        }
        finally
        {
            _clients.TryRemove(client.Id, out _);
            replica.Send(new CloseConnectionMessage(client.Id));
        }
    }

    private void Handle(AzureStubReplica replica, ServiceMessage message)
    {
        switch (message)
        {
            case HandshakeRequestMessage:
                replica.Send(new HandshakeResponseMessage());
                _replicas[replica] = true;
                break;
            case PingMessage { Messages: ["shutdown", ..] }:
                _replicas.TryRemove(replica, out _);
                replica.Send(new PingMessage { Messages = ["shutdown", "finack"] });
                break;
            case PingMessage:
                replica.Send(PingMessage.Instance);
                break;
            case ConnectionDataMessage data when _clients.TryGetValue(data.ConnectionId, out var client):
                client.Send(data.Payload.ToArray(), data.Type is DataMessageType.Handshake);
                break;
            case CloseConnectionMessage close when _clients.TryGetValue(close.ConnectionId, out var client):
                client.End();
                break;
            case JoinGroupWithAckMessage join:
                var joins = _clients.TryGetValue(join.ConnectionId, out var joining) && (joining.Groups[join.GroupName] = true);
                replica.Send(new AckMessage(join.AckId, joins ? 1 : 2));
                break;
            case LeaveGroupWithAckMessage leave:
                var leaves = _clients.TryGetValue(leave.ConnectionId, out var leaving) && leaving.Groups.TryRemove(leave.GroupName!, out _);
                replica.Send(new AckMessage(leave.AckId, leaves ? 1 : 2));
                break;
            case BroadcastDataMessage all:
                Deliver(replica, all, client => !all.ExcludedList.Contains(client.Id));
                break;
            case GroupBroadcastDataMessage group:
                Deliver(replica, group, client => client.Groups.ContainsKey(group.GroupName) && !group.ExcludedList.Contains(client.Id));
                break;
            case MultiGroupBroadcastDataMessage groups:
                Deliver(replica, groups, client => groups.GroupList.Any(client.Groups.ContainsKey));
                break;
            case UserDataMessage user:
                Deliver(replica, user, client => client.UserId == user.UserId);
                break;
            case MultiUserDataMessage users:
                Deliver(replica, users, client => users.UserList.Contains(client.UserId));
                break;
            case MultiConnectionDataMessage connections:
                Deliver(replica, connections, client => connections.ConnectionList.Contains(client.Id));
                break;
        }
    }

    private void Deliver(AzureStubReplica from, MultiPayloadDataMessage message, Func<AzureStubClient, bool> isMeant)
    {
        foreach (var client in _clients.Values.Where(client => client.Hub == from.Hub && isMeant(client)))
            client.Send(message.Payloads["json"].ToArray());
    }
}

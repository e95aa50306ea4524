using System.Net;
using System.Net.WebSockets;
using System.Text;
using Hubbub.Server.Accounts;
using Hubbub.Server.Platform;
using Hubbub.Server.Tests.Harness;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Tests.Platform;

public sealed class HubAccessTests
{
    private const char End = '\u001e';

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_knows_who_connects_by_the_token_in_the_query_or_in_the_header_and_lets_nobody_else_in()
    {
        await using var cluster = await StartAsync(2);
        var person = await cluster[0].RegisterAsync();

        using var socket = await ConnectAsync(cluster[1], $"?access_token={person.AccessToken}");
        await SendAsync(socket, """{"type":1,"target":"WhoAmI","invocationId":"1","arguments":[]}""");
        Assert.Contains($"\"result\":\"{person.Id} {person.UserName}\"", await ReceiveAsync(socket, "\"invocationId\":\"1\""), StringComparison.Ordinal);

        using var client = person.On(cluster[1]);
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(client, string.Empty));
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(cluster[1].Http, $"&ACCESS_TOKEN={person.AccessToken}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(cluster[1].Http, string.Empty));
        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(cluster[1].Http, $"&access_token={person.AccessToken}x"));
        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(cluster[1].Http, "&access_token="));
    }

    [Fact]
    public async Task A_hub_connection_ends_with_its_token()
    {
        await using var cluster = await StartAsync(1, new Settings { ["Accounts:AccessTokenLifetime"] = "00:00:05" });
        var person = await cluster[0].RegisterAsync();
        using var socket = await ConnectAsync(cluster[0], $"?access_token={person.AccessToken}");

        await ReceiveAsync(socket, "\"type\":7");
        Assert.True(TimeProvider.System.GetUtcNow() >= person.Session.ExpiresAt.AddSeconds(-1));
    }

    [Fact]
    public async Task A_token_in_the_query_is_in_no_log_at_any_level()
    {
        await using var cluster = await StartAsync(1, new Settings
        {
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
        });
        var person = await cluster[0].RegisterAsync();
        using (var socket = await ConnectAsync(cluster[0], $"?one=1&access_token={person.AccessToken}&two=2"))
        {
            await SendAsync(socket, """{"type":1,"target":"WhoAmI","invocationId":"1","arguments":[]}""");
            await ReceiveAsync(socket, "\"invocationId\":\"1\"");
        }

        await NegotiateAsync(cluster[0].Http, $"&access_token={person.AccessToken}");
        await NegotiateAsync(cluster[0].Http, $"&access%5Ftoken={person.AccessToken}");
        await NegotiateAsync(cluster[0].Http, $"&access_token={person.AccessToken}x");
        using (await cluster[0].Http.GetAsync($"/api/nothing?access_token={person.AccessToken}", Stop))
        {
            // It is the log that counts.
        }

        // That the requests are logged at all, with the rest of their query, shows that this looks at the right place.
        Assert.Contains(cluster[0].Logs.Lines, l => l.Contains("/probeHub?one=1&two=2", StringComparison.Ordinal));
        var signature = person.AccessToken.Split('.')[2];
        Assert.DoesNotContain(cluster[0].Logs.Lines, l => l.Contains(signature, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_of_one_request_is_not_taken_for_the_next_on_the_same_connection()
    {
        await using var cluster = await StartAsync(1);
        var person = await cluster[0].RegisterAsync();
        using var oneConnection = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = cluster[0].Url };
        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(oneConnection, $"&access_token={person.AccessToken}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await NegotiateAsync(oneConnection, string.Empty));
    }

    [Fact]
    public async Task A_replica_that_stops_closes_its_hub_connections_and_does_not_wait_for_them()
    {
        await using var cluster = await StartAsync(1);
        var person = await cluster[0].RegisterAsync();
        using var socket = await ConnectAsync(cluster[0], $"?access_token={person.AccessToken}");

        var stopping = cluster[0].StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => ReceiveAsync(socket, "what never comes"));
        Assert.NotEqual(WebSocketState.Open, socket.State);
        await stopping.WaitAsync(Eventually.Patience, Stop);
    }

    private static Task<TestCluster> StartAsync(int replicas, Settings? settings = null) =>
        TestCluster.StartAsync(replicas, settings, map: app => app.MapRealtimeHub<ProbeHub>("/probeHub"));

    private static async Task<HttpStatusCode> NegotiateAsync(HttpClient client, string query)
    {
        using var response = await client.PostAsync($"/probeHub/negotiate?negotiateVersion=1{query}", content: null, Stop);
        Assert.NotEmpty(response.Headers.GetValues("X-Replica"));
        return response.StatusCode;
    }

    private static async Task<ClientWebSocket> ConnectAsync(TestReplica replica, string query)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(replica.Url) { Scheme = "ws", Path = "/probeHub", Query = query }.Uri, Stop);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        await ReceiveAsync(socket, "{}");
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, Stop);

    // Reads until a message has this in it.
    private static async Task<string> ReceiveAsync(ClientWebSocket socket, string expected)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Eventually.Patience);
        var buffer = new byte[16 * 1024];
        var text = new StringBuilder();
        while (true)
        {
            foreach (var message in text.ToString().Split(End))
            {
                if (message.Contains(expected, StringComparison.Ordinal))
                    return message;
            }

            var result = await socket.ReceiveAsync(buffer, patience.Token);
            Assert.NotEqual(WebSocketMessageType.Close, result.MessageType);
            text.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
        }
    }

    internal sealed class ProbeHub : Hub
    {
        public string WhoAmI() => $"{Context.UserIdentifier} {Context.User!.UserName()}";
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hubbub.Backplane;
using Hubbub.Server.Accounts;
using Hubbub.Server.Chat;
using Hubbub.Server.Platform;
using Hubbub.Server.Tests.Harness;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>Replicas and SignalR's own clients over a stub of Azure SignalR Service.</summary>
public sealed class AzureTests
{
    private static readonly string[] ChatCalls = ["Resumed", "ReceiveMessage", "RoomAdded", "PersonEntered", "PersonLeft", "ReadMarkMoved"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Negotiation_sends_people_who_are_signed_in_to_the_service_as_who_they_are_and_nobody_else()
    {
        await using var cluster = await AzureCluster.StartAsync(1);
        var person = await cluster[0].RegisterAsync();
        using var http = person.On(cluster[0]);
        foreach (var hub in new[] { "chatHub", "statisticsHub", "stockTickerHub" })
        {
            using (var anonymous = await AzureCluster.NegotiateAsync(cluster[0].Http, hub))
                await Problem.ReadAsync(anonymous, HttpStatusCode.Unauthorized);

            using var response = await AzureCluster.NegotiateAsync(cluster[0].Http, hub, $"&cursor=6f.12&previous=&access_token={person.AccessToken}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
            var url = new Uri(answer.GetProperty("url").GetString()!);
            Assert.Equal($"http://127.0.0.1:{cluster.Link.Port}/client/", url.GetLeftPart(UriPartial.Path));
            var query = QueryHelpers.ParseQuery(url.Query);
            Assert.Equal($"{hub.ToLowerInvariant()} /{hub} 6f.12 ", $"{query["hub"]} {query["asrs.op"]} {query["cursor"]} {query["previous"]}");
            Assert.DoesNotContain("access_token", url.Query, StringComparison.Ordinal);

            var token = answer.GetProperty("accessToken").GetString();
            var claims = await AzureStub.ReadTokenAsync(token, "client", hub.ToLowerInvariant());
            Assert.Equal(person.Id, claims?.FindFirst("asrs.s.uid")?.Value);

            // The service is asked to end the connection with the token that it was negotiated with.
            Assert.Equal("true", claims?.FindFirst("asrs.s.coae")?.Value);
            var expires = long.Parse(claims!.FindFirst("asrs.s.aeo")!.Value, CultureInfo.InvariantCulture);
            Assert.InRange(expires, person.Session.ExpiresAt.ToUnixTimeSeconds() - 1, person.Session.ExpiresAt.ToUnixTimeSeconds() + 1);
            Assert.DoesNotContain(cluster[0].Logs.Lines, line => line.Contains(token!.Split('.')[2], StringComparison.Ordinal));
        }

        Assert.DoesNotContain(cluster[0].Logs.Lines, line => line.Contains(AzureStub.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hub_knows_who_calls_and_what_the_client_asked_for_although_the_service_is_between_them()
    {
        await using var cluster = await AzureCluster.StartAsync(1, map: app => app.MapRealtimeHub<ProbeHub>("/probeHub"));
        foreach (var person in new[] { await cluster[0].RegisterAsync(), await cluster[0].LoginAsync("admin") })
        {
            await using var client = await AzureClient.ConnectAsync(cluster[0], person, "probeHub?cursor=6f.12&previous=5e.1", "Resumed");
            var answer = await client.Events.WaitForAsync("Resumed");
            Assert.Equal("""{"resumed":false,"replayed":0,"reason":"unsupported","backplane":"azure"}""", answer.Payload.GetRawText());

            var who = await client.Connection.InvokeAsync<string>("WhoAmI", Stop);
            Assert.Equal($"{person.Id} {person.Id} {person.UserName} {person.Session.User.Roles.Contains("admin")} /probeHub 6f.12 5e.1", who);
        }

        await using var plain = await AzureClient.ConnectAsync(cluster[0], await cluster[0].RegisterAsync(), "probeHub", "Resumed");
        await plain.Connection.InvokeAsync<string>("WhoAmI", Stop);
        Assert.Empty(plain.Events.All);
    }

    [Fact]
    public async Task People_on_two_replicas_chat_over_the_service()
    {
        await using var cluster = await AzureCluster.StartAsync(2);
        var ada = await cluster[0].RegisterAsync();
        var bob = await cluster[1].RegisterAsync();
        using var adas = cluster.Chatting(ada);
        var room = await adas.NewRoomAsync();
        await using var atA = await AzureClient.ConnectAsync(cluster[0], ada, "chatHub?cursor=", ChatCalls);
        await using var atB = await AzureClient.ConnectAsync(cluster[1], bob, "chatHub?cursor=", ChatCalls);
        await using var bobsPhone = await AzureClient.ConnectAsync(cluster[0], bob, "chatHub?cursor=", ChatCalls);
        foreach (var client in new[] { atA, atB, bobsPhone })
            await client.Events.WaitForAsync("Resumed", e => e.Text("reason") == "unsupported");

        // Each hub runs on the replica that its client negotiated with.
        Assert.Equal(2, await cluster.ScalarAsync("select count(distinct replica_id) from live_connections where hub = 'chatHub'"));

        await atB.InvokeAsync("JoinRoom", room);
        await atA.Events.WaitForAsync("PersonEntered", e => e.Text("roomId") == room && e.Text("userId") == bob.Id);
        await bobsPhone.Events.WaitForAsync("RoomAdded");
        await atA.InvokeAsync("SendMessage", room, "from a", "1");
        await atB.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "from a");
        var sent = await atB.InvokeAsync("SendMessage", room, "from b", "1");
        foreach (var client in new[] { atA, bobsPhone })
            await client.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "from b");
        await Eventually.EqualAsync(0L, () => cluster.ScalarAsync("select count(*) from message_outbox"));

        // What is sent to a user reaches the devices of that user.
        await bobsPhone.Connection.InvokeAsync("MarkRead", room, sent.GetProperty("id").GetString(), Stop);
        await atB.Events.WaitForAsync("ReadMarkMoved");
        Assert.Empty(atA.Events.Of("ReadMarkMoved"));

        // Refusals have the form of the contract.
        var refused = await Assert.ThrowsAsync<HubException>(() => atB.InvokeAsync("JoinRoom", Guid.NewGuid().ToString()));
        Assert.EndsWith("room_not_found: There is no such room.", refused.Message, StringComparison.Ordinal);

        // Whoever has left hears nothing more.
        await atB.Connection.InvokeAsync("LeaveRoom", room, Stop);
        await atA.Events.WaitForAsync("PersonLeft");
        await atA.InvokeAsync("SendMessage", room, "alone", "2");
        await atA.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "alone");
        await atB.InvokeAsync("JoinRoom", room);
        Assert.DoesNotContain(atB.Events.Of("ReceiveMessage"), e => e.Text("text") == "alone");
    }

    [Fact]
    public async Task Only_administrators_close_the_market_and_boards_on_other_replicas_show_it()
    {
        await using var cluster = await AzureCluster.StartAsync(2);
        await using var board = await AzureClient.ConnectAsync(cluster[1], await cluster[1].RegisterAsync(), "stockTickerHub", "MarketChanged");
        await using var desk = await AzureClient.ConnectAsync(cluster[0], await cluster[0].LoginAsync("admin"), "stockTickerHub");

        var refused = await Assert.ThrowsAsync<HubException>(() => board.Connection.InvokeAsync("CloseMarket", Stop));
        Assert.EndsWith("forbidden: Only administrators can do that.", refused.Message, StringComparison.Ordinal);
        await desk.Connection.InvokeAsync("CloseMarket", Stop);
        Assert.Equal("Close", (await board.Events.WaitForAsync("MarketChanged")).Text("command"));
    }

    [Fact]
    public async Task A_client_that_skips_the_negotiation_is_refused()
    {
        await using var cluster = await AzureCluster.StartAsync(1);
        var person = await cluster[0].RegisterAsync();
        using var http = person.On(cluster[0]);
        using (var direct = await http.GetAsync("/chatHub", Stop))
            await Problem.ReadAsync(direct, HttpStatusCode.BadRequest);
        using var anonymous = await cluster[0].Http.GetAsync("/chatHub", Stop);
        await Problem.ReadAsync(anonymous, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task While_the_service_is_away_nobody_is_sent_there_and_what_could_not_be_published_is_published_afterwards()
    {
        await using var cluster = await AzureCluster.StartAsync(1);
        var person = await cluster[0].RegisterAsync();
        using var http = person.On(cluster[0]);
        using var chatting = cluster.Chatting(person);
        var room = await chatting.NewRoomAsync();
        await Eventually.EqualAsync(0L, () => cluster.ScalarAsync("select count(*) from message_outbox"));

        cluster.Link.Cut();
        foreach (var name in new[] { "chatHub", "statisticsHub", "stockTickerHub" })
        {
            await Eventually.EqualAsync(HttpStatusCode.ServiceUnavailable, async () =>
            {
                using var response = await AzureCluster.NegotiateAsync(http, name);
                return response.StatusCode;
            });
            using var away = await AzureCluster.NegotiateAsync(http, name);
            await Problem.ReadAsync(away, HttpStatusCode.ServiceUnavailable);
            Assert.NotNull(away.Headers.RetryAfter);
        }

        Assert.Equal((503, "Azure SignalR Service could not be reached."), await cluster.ReadinessAsync(0));

        // Nothing is dropped as if it had been sent.
        var hub = cluster[0].Services.GetRequiredService<IHubContext<ChatHub>>();
        foreach (var send in new Func<Task>[]
        {
            () => hub.Clients.All.SendAsync("Anything", Stop),
            () => hub.Clients.Group("g").SendAsync("Anything", Stop),
            () => hub.Clients.User("u").SendAsync("Anything", Stop),
            () => hub.Clients.Client("c").SendAsync("Anything", Stop),
            () => hub.Groups.AddToGroupAsync("c", "g", Stop),
        })
            await Assert.ThrowsAsync<BackplaneUnavailableException>(send);

        var messages = cluster[0].Services.GetRequiredService<ChatMessages>();
        await Assert.ThrowsAsync<BackplaneUnavailableException>(() => messages.SendAsync(Guid.Parse(person.Id), Guid.Parse(room), "kept", "1"));
        Assert.Equal(1, await cluster.ScalarAsync("select count(*) from message_outbox"));

        cluster.Link.Mend();
        await Eventually.EqualAsync((200, (string?)"ok"), () => cluster.ReadinessAsync(0));
        await Eventually.EqualAsync(0L, () => cluster.ScalarAsync("select count(*) from message_outbox"));
        await using var client = await AzureClient.ConnectAsync(cluster[0], person, "chatHub", ChatCalls);
        await client.InvokeAsync("SendMessage", room, "again", "2");
        await client.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == "again");
    }

    [Fact]
    public async Task A_replica_whose_service_does_not_answer_is_not_ready()
    {
        await using var cluster = await AzureCluster.StartAsync(1);
        cluster.Link.Freeze();
        await Eventually.EqualAsync((503, (string?)"It did not answer in time."), () => cluster.ReadinessAsync(0));
        cluster.Link.Thaw();
        await Eventually.EqualAsync((200, (string?)"ok"), () => cluster.ReadinessAsync(0));
    }

    [Fact]
    public async Task A_connection_that_a_hub_could_not_take_in_is_ended()
    {
        await using var cluster = await AzureCluster.StartAsync(1, map: app => app.MapRealtimeHub<FailingHub>("/failingHub"));
        await using var client = await AzureClient.ConnectAsync(cluster[0], await cluster[0].RegisterAsync(), "failingHub");
        await client.Closed.WaitAsync(Eventually.Patience, Stop);
        Assert.Contains(cluster[0].Logs.Lines, line => line.Contains("could not enter FailingHub", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replica_that_stops_lets_go_of_its_clients_and_of_their_presence()
    {
        await using var cluster = await AzureCluster.StartAsync(2);
        var bob = await cluster[1].RegisterAsync();
        await using var client = await AzureClient.ConnectAsync(cluster[1], bob, "chatHub", ChatCalls);
        await Eventually.EqualAsync(1L, () => cluster.ScalarAsync("select count(*) from live_connections"));

        await cluster[1].StopAsync().WaitAsync(Eventually.Patience, Stop);
        await client.Closed.WaitAsync(Eventually.Patience, Stop);
        Assert.Equal(0, await cluster.ScalarAsync("select count(*) from live_connections"));

        await using var again = await AzureClient.ConnectAsync(cluster[0], bob, "chatHub", ChatCalls);
    }

    [Fact]
    public async Task The_app_may_connect_to_the_service()
    {
        var root = Directory.CreateTempSubdirectory("hubbub-azure-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(root.FullName, "index.html"), "<!doctype html><title>The app</title>", Stop);
            await using var cluster = await AzureCluster.StartAsync(
                1, new Settings { ["Frontend:Root"] = root.FullName }, "ClientEndpoint=https://live.example.com;");
            using var page = await cluster[0].Http.GetAsync("/", Stop);
            var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
            var connections = Assert.Single(policy.Split("; "), part => part.StartsWith("connect-src ", StringComparison.Ordinal)).Split(' ');
            Assert.Contains("https://live.example.com", connections);
            Assert.Contains("wss://live.example.com", connections);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    internal sealed class ProbeHub : Hub
    {
        public string WhoAmI()
        {
            var http = Context.GetHttpContext()!;
            var user = Context.User!;
            return $"{Context.UserIdentifier} {user.UserId()} {user.UserName()} {user.IsInRole(Roles.Admin)} "
                + $"{http.Request.Path} {http.Request.Query["cursor"]} {http.Request.Query["previous"]}";
        }
    }

    internal sealed class FailingHub : Hub
    {
        public override Task OnConnectedAsync() => throw new InvalidOperationException("Not today");
    }
}

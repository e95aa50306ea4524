using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Platform;

/// <summary>Two replicas, each a process as in production, and a collector that gets what they export.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string Password = "a secret of nobody's, 8231";

    private OtlpCollector _collector = null!;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _collector = await OtlpCollector.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("Postgres")]
    [InlineData("Redis")]
    public async Task One_trace_leads_from_the_call_to_the_delivery_on_the_other_replica_and_tells_no_secret(string store)
    {
        var marker = $"marker{Guid.NewGuid():n}";
        await using var left = await StartAsync("left", store);
        await using var right = await StartAsync("right", store);
        using var http = new HttpClient { BaseAddress = left.Url };
        var session = await RegisterAsync(http);
        var connectionToken = await PollOnceAsync(http, session.AccessToken, marker);

        await using var sender = await HubClient.ConnectAsync(new Uri(left.Url, "/chatHub"), session.AccessToken, cursor: "");
        await using var receiver = await HubClient.ConnectAsync(new Uri(right.Url, "/chatHub"), session.AccessToken, cursor: "");
        await receiver.EnteredAsync();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.AccessToken);
        Assert.Empty((await http.GetFromJsonAsync<JsonElement>($"/api/rooms?search={marker}")).EnumerateArray());
        var lobby = (await http.GetFromJsonAsync<JsonElement>("/api/rooms"))
            .EnumerateArray().First(room => room.GetProperty("name").GetString() == "lobby").GetProperty("id").GetString();
        await sender.InvokeAsync("SendMessage", lobby, marker, "first");
        await receiver.Events.WaitForAsync("ReceiveMessage", e => e.Text("text") == marker);
        await Assert.ThrowsAsync<HubCallException>(() => sender.InvokeAsync("SendMessage", Guid.NewGuid(), marker, marker));

        // They send what they still have when they are told to stop.
        await left.StopAsync();
        await right.StopAsync();

        var call = Assert.Single(_collector.Spans, s => s.Name.EndsWith("ChatHub/SendMessage", StringComparison.Ordinal) && HasSend(s));
        Assert.Equal("left", call.Replica);
        var trace = _collector.Spans.Where(s => s.TraceId == call.TraceId).ToList();
        var send = Assert.Single(trace, s => s.Kind == 4);
        var append = Assert.Single(trace, s => s.Name == $"append {send.Attributes["messaging.destination.name"]}");
        var deliveries = trace.Where(s => s.Kind == 5).ToList();
        Assert.Equal(call.Id, send.ParentId);
        Assert.Equal(send.Id, append.ParentId);
        Assert.All(deliveries, delivery => Assert.Equal(send.Id, delivery.ParentId));
        Assert.Equal(["left", "right"], deliveries.Select(d => d.Replica).Order(StringComparer.Ordinal));
        Assert.All([send, append, .. deliveries], s => Assert.Equal(("Hubbub.Backplane", "hubbub"), (s.Source, s.Attributes["messaging.system"])));
        Assert.Contains(trace, s => s.Source == "Npgsql" && s.ParentId == call.Id);

        // The polls of the log, twice a second for each hub, would hide everything else.
        Assert.DoesNotContain(_collector.Spans, s => s is { Source: "Npgsql", ParentId: "" });

        // All levels of logs are switched on, and the URLs of two transports and the search came with secrets in them.
        Assert.Contains(_collector.Spans, s => s.Attributes.GetValueOrDefault("url.path") == "/chatHub" && s.Attributes["http.request.method"] == "GET");
        Assert.True(_collector.Has("logs", "Completed connection handshake"), "SignalR's lines for developers are exported");
        Assert.True(_collector.Has("logs", "Request starting {Protocol}", "/chatHub"), "the server's request log is exported");
        foreach (var secret in new[] { marker, session.AccessToken, session.AccessToken.Split('.')[2], connectionToken, Password, "access_token" })
        {
            foreach (var signal in new[] { "traces", "metrics", "logs" })
                Assert.False(_collector.Has(signal, secret), $"{signal} hold {secret}");
        }

        bool HasSend(OtlpSpan span) => _collector.Spans.Any(s => s.TraceId == span.TraceId && s.Kind == 4);
    }

    [Fact]
    public async Task What_is_published_over_Microsofts_backplane_is_traced_to_Redis_without_its_text()
    {
        var marker = $"marker{Guid.NewGuid():n}";
        await using var replica = await StartAsync("single", "Microsoft");
        using var http = new HttpClient { BaseAddress = replica.Url };
        var session = await RegisterAsync(http);
        await using var hub = await HubClient.ConnectAsync(new Uri(replica.Url, "/chatHub"), session.AccessToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.AccessToken);
        var lobby = (await http.GetFromJsonAsync<JsonElement>("/api/rooms"))[0].GetProperty("id").GetString();
        await hub.InvokeAsync("SendMessage", lobby, marker, "first");
        await replica.StopAsync();

        var call = Assert.Single(_collector.Spans, s => s.Name.EndsWith("ChatHub/SendMessage", StringComparison.Ordinal));
        Assert.Contains(_collector.Spans, s => s.Name == "PUBLISH" && s.TraceId == call.TraceId);
        Assert.False(_collector.Has("traces", marker));
    }

    private Task<ReplicaProcess> StartAsync(string name, string store) => ReplicaProcess.StartAsync(new Settings(_collector.Settings())
    {
        ["ConnectionStrings:Hubbub"] = _database.ConnectionString,
        ["ConnectionStrings:Redis"] = store == "Postgres" ? null : $"{RedisServer.Address.Host}:{RedisServer.Address.Port}",
        ["Backplane:Store"] = store,
        ["Backplane:StreamPrefix"] = $"{_database.Name}:",
        ["Replica:Name"] = name,
        ["Logging:LogLevel:Default"] = "Trace",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
        ["Logging:LogLevel:Npgsql"] = "Trace",
    });

    private static async Task<SessionBody> RegisterAsync(HttpClient http)
    {
        using var response = await http.PostAsJsonAsync("/api/accounts/register", new { userName = Person.RandomName(), password = Password });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<SessionBody>())!;
    }

    /// <summary>Opens a connection as a browser without WebSockets does; returns the token that stands in its URL.</summary>
    private static async Task<string> PollOnceAsync(HttpClient http, string accessToken, string marker)
    {
        var token = Uri.EscapeDataString(accessToken);
        using var negotiated = await http.PostAsync($"/chatHub/negotiate?negotiateVersion=1&access_token={token}&cursor={marker}", null);
        var id = (await negotiated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("connectionToken").GetString()!;
        using var polled = await http.GetAsync($"/chatHub?id={id}&access_token={token}");
        Assert.Equal(HttpStatusCode.OK, polled.StatusCode);
        using var handshake = new StringContent("{\"protocol\":\"json\",\"version\":1}\u001e");
        using var posted = await http.PostAsync($"/chatHub?id={id}&access_token={token}", handshake);
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        using var ended = await http.DeleteAsync($"/chatHub?id={id}&access_token={token}");
        return id;
    }
}

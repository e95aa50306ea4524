using System.Net;
using System.Net.Http.Json;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

public sealed class RateTests(RateTests.StrictCluster cluster) : IClassFixture<RateTests.StrictCluster>
{
    [Fact]
    public async Task A_connection_that_sends_too_fast_is_told_to_wait_and_loses_nothing()
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();
        for (var i = 0; i < 3; i++)
            await hub.InvokeAsync("SendMessage", room, "hi", $"{i}");

        var refused = await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("SendMessage", room, "hi", "3"));

        Assert.Equal("too_many_requests", refused.Code);
        Assert.Matches("Try again in [0-9]+ s", refused.Text);
        Assert.Equal(3, (await ada.HistoryAsync(room)).GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task More_connections_do_not_help_beyond_what_one_person_may_send()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        var sent = 0;
        for (var device = 0; device < 3; device++)
        {
            await using var hub = await ada.ConnectAsync();
            for (var i = 0; i < 3; i++)
            {
                try
                {
                    await hub.InvokeAsync("SendMessage", room, "hi", $"{device}/{i}");
                    sent++;
                }
                catch (HubCallException e) when (e.Code == "too_many_requests")
                {
                    // The connection's own share would be 9 in all.
                }
            }
        }

        Assert.Equal(5, sent);
        await using var bobs = await bob.ConnectAsync();
        await bobs.InvokeAsync("JoinRoom", room);
        await bobs.InvokeAsync("SendMessage", room, "mine is another share", "1");
    }

    [Fact]
    public async Task Other_changes_have_a_limit_too()
    {
        using var ada = await cluster.NewPersonAsync();
        for (var i = 0; i < 10; i++)
            await ada.NewRoomAsync();

        var response = await ada.Http().PostAsJsonAsync("/api/rooms", new { name = "one too many" }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        await using var hub = await ada.ConnectAsync();
        var refused = await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("JoinRoom", Hubbub.Server.Chat.ChatRooms.LobbyId.ToString()));
        Assert.Equal("too_many_requests", refused.Code);
    }

    /// <summary>Its limits are so low, and fill up so slowly, that a test reaches them and stays there.</summary>
    public sealed class StrictCluster() : ChatCluster(new Settings
    {
        ["Chat:SendsPerConnection:Burst"] = "3",
        ["Chat:SendsPerConnection:PerSecond"] = "0.001",
        ["Chat:SendsPerUser:Burst"] = "5",
        ["Chat:SendsPerUser:PerSecond"] = "0.001",
        ["Chat:ChangesPerUser:Burst"] = "10",
        ["Chat:ChangesPerUser:PerSecond"] = "0.001",
    });
}

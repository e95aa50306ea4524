using System.Net;
using System.Net.WebSockets;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

public sealed class TokenTests(TokenTests.BriefCluster cluster) : IClassFixture<TokenTests.BriefCluster>
{
    [Fact]
    public async Task The_hub_closes_a_connection_whose_token_has_expired()
    {
        using var ada = await cluster.NewPersonAsync();
        await using var hub = await ada.BeginConnectAsync();

        await hub.Closed.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<WebSocketException>(() => ada.BeginConnectAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await ada.Http().GetAsync("/api/rooms", TestContext.Current.CancellationToken)).StatusCode);
        await Eventually.EqualAsync(0L, () => cluster.ScalarAsync($"select count(*) from chat_connections where user_id = '{ada.Id}'"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("forged")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiI3ZDQ0NDg0MC05ZGMwLTExZDEtYjI0NS01ZmZkY2U3NGZhZDIifQ.")]
    public async Task The_hub_takes_nobody_without_a_token_of_its_own(string? token)
    {
        var replica = await cluster.ReplicaAsync(0);

        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.ConnectAsync(new Uri(replica.Url, "/chatHub"), token));
    }

    /// <summary>Its tokens end while a test waits.</summary>
    public sealed class BriefCluster() : ChatCluster(new Settings { ["Accounts:AccessTokenLifetime"] = "00:00:10" });
}

using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Chat;

/// <summary>The database goes away and comes back.</summary>
public sealed class FailureTests(ChatCluster cluster) : IClassFixture<ChatCluster>
{
    [Fact]
    public async Task Without_the_database_a_call_is_refused_and_a_repeat_succeeds_when_it_is_back()
    {
        using var ada = await cluster.NewPersonAsync();
        var room = await ada.NewRoomAsync();
        await using var hub = await ada.ConnectAsync();

        await cluster.ExecuteAsync("alter table messages rename to messages_away");
        var refused = await Assert.ThrowsAsync<HubCallException>(() => hub.InvokeAsync("SendMessage", room, "hi", "1"));
        await cluster.ExecuteAsync("alter table messages_away rename to messages");

        Assert.Equal("unavailable", refused.Code);
        Assert.DoesNotContain("messages", refused.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await hub.InvokeAsync("SendMessage", room, "hi", "1")).GetProperty("seq").GetInt64());
        await hub.Events.WaitForAsync("ReceiveMessage");
    }

    [Fact]
    public async Task A_device_that_cannot_enter_is_dropped_so_that_it_tries_again()
    {
        using var ada = await cluster.NewPersonAsync();

        await cluster.ExecuteAsync("alter table room_members rename to room_members_away");
        await using var hub = await ada.BeginConnectAsync();
        var error = await hub.Closed.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        await cluster.ExecuteAsync("alter table room_members_away rename to room_members");

        Assert.Null(error);
        await using var again = await ada.ConnectAsync();
        await again.InvokeAsync("JoinRoom", Hubbub.Server.Chat.ChatRooms.LobbyId.ToString());
        await Eventually.EqualAsync(1L, () => cluster.ScalarAsync($"select count(*) from chat_connections where user_id = '{ada.Id}'"));
    }
}

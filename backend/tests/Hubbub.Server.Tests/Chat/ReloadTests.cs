using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Chat;

public sealed class ReloadTests(ReloadTests.PatientCluster cluster) : IClassFixture<ReloadTests.PatientCluster>
{
    [Fact]
    public async Task Loading_the_page_again_is_not_told()
    {
        using var ada = await cluster.NewPersonAsync();
        using var bob = await cluster.NewPersonAsync();
        using var cleo = await cluster.NewPersonAsync();
        await using var watcher = await ada.ConnectAsync(0);
        await using (await bob.ConnectAsync(0))
            await watcher.Events.WaitForAsync("PersonEntered", e => e.Text("userId") == bob.Id);
        await Eventually.EqualAsync(0L, () => cluster.ScalarAsync($"select count(*) from chat_connections where user_id = '{bob.Id}'"));

        await using var again = await bob.ConnectAsync(1);
        await Eventually.EqualAsync(1L, () => cluster.ScalarAsync($"select count(*) from chat_connections where user_id = '{bob.Id}'"));

        // Somebody else who comes is told after what would have been told of bob.
        await using var other = await cleo.ConnectAsync(0);
        await watcher.Events.WaitForAsync("PersonEntered", e => e.Text("userId") == cleo.Id);
        Assert.Empty(watcher.Events.Of("PersonLeft"));
        Assert.Single(watcher.Events.Of("PersonEntered"), e => e.Text("userId") == bob.Id);
    }

    /// <summary>It gives a page longer to load than any test takes.</summary>
    public sealed class PatientCluster() : ChatCluster(new Settings { ["Chat:OfflineAfter"] = "00:01:00" });
}

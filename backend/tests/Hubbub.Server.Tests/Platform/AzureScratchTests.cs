using System.Diagnostics;
using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Platform;

public sealed class AzureScratchTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Js()
    {
        await using var cluster = await AzureCluster.StartAsync(1);
        var person = await cluster[0].RegisterAsync();
        using var chatting = cluster.Chatting(person);
        var room = await chatting.NewRoomAsync();
        using var node = Process.Start(new ProcessStartInfo("node", ["/tmp/azure/js.mjs", cluster[0].Url.ToString(), person.AccessToken, room]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        output.WriteLine(text + error);
        Assert.Fail(text + error);
    }
}

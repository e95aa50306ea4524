using Hubbub.Server.Tests.Harness;

namespace Hubbub.Server.Tests.Backplanes;

/// <summary>What a replica says that cannot use its connection string.</summary>
[Collection(nameof(StandardStreams))]
public sealed class AzureStartTests
{
    private const string Key = "bm90IGEga2V5IGJ1dCBzZWNyZXQ=";
    private const string Wrong = "Azure__SignalR__ConnectionString is not a connection string of Azure SignalR Service; it has to be of the form ";

    [Theory]
    [InlineData("", "No Azure SignalR Service: set Azure__SignalR__ConnectionString to its connection string, ")]
    [InlineData(" ", "No Azure SignalR Service: set Azure__SignalR__ConnectionString to its connection string, ")]
    [InlineData(Key, Wrong)]
    [InlineData($"AccessKey={Key};Version=1.0;", Wrong)]
    [InlineData($"Endpoint={Key};AccessKey={Key};Version=1.0;", Wrong)]
    [InlineData($"Endpoint=ftp://example.com;AccessKey={Key};Version=1.0;", Wrong)]
    [InlineData($"Endpoint=https://example.com;AccessKey={Key};Version={Key};", Wrong)]
    [InlineData($"Endpoint=https://example.com;AccessKey={Key};Port=x;", Wrong)]
    [InlineData($"Endpoint=https://example.com;AccessKey={Key};{Key};{Key};", Wrong)]
    [InlineData("Endpoint=https://example.com;AccessKey=;Version=1.0;", Wrong)]
    [InlineData("Endpoint=https://example.com;Version=1.0;", Wrong)]
    [InlineData("Endpoint=https://example.com;AuthType=azure.app;Version=1.0;", Wrong)]
    public async Task A_replica_that_cannot_use_its_service_ends_with_one_line_that_does_not_repeat_the_key(string connectionString, string expected)
    {
        using var streams = new StandardStreams();
        var exitCode = await Program.Main(
        [
            "--urls=http://127.0.0.1:0", "--ConnectionStrings:Hubbub=Host=127.0.0.1;Port=1", "--Data:StartTimeout=00:00:00",
            "--Logging:LogLevel:Default=None", "--Backplane:Store=azure", $"--Azure:SignalR:ConnectionString={connectionString}",
        ]);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(streams.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"hubbub cannot start: {expected}", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, streams.Error, StringComparison.Ordinal);
    }
}

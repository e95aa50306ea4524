using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Reading;

/// <summary>What a reader makes of notices that bring records: right ones spare the store a read, wrong ones do no harm.</summary>
public sealed class LogReaderNoticeTests : IAsyncDisposable
{
    private readonly TellingLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Records_that_a_notice_brings_are_not_read_again()
    {
        await using var replica = new Replica(_log, "notices:", options => options.PollInterval = TimeSpan.FromMinutes(5));
        var client = await replica.ConnectAsync();
        await replica.Manager.SendAllAsync("First", []);
        await client.ExpectAsync("First");
        var reads = _log.Reads;

        for (var i = 0; i < 20; i++)
        {
            await replica.Manager.SendAllAsync("N", []);
            await client.ExpectAsync("N");
        }

        Assert.Equal(reads, _log.Reads);
    }

    [Theory]
    [InlineData(nameof(Mistell.Twice))]
    [InlineData(nameof(Mistell.Never))]
    [InlineData(nameof(Mistell.EveryOther))]
    [InlineData(nameof(Mistell.OfAnotherEpoch))]
    [InlineData(nameof(Mistell.Backwards))]
    [InlineData(nameof(Mistell.WithoutRecords))]
    [InlineData(nameof(Mistell.WithThoseBefore))]
    public async Task Whatever_notices_say_each_record_comes_once_and_in_order(string mistell)
    {
        _log.Mistell = Enum.Parse<Mistell>(mistell);
        await using var replica = new Replica(_log, "notices:");
        var client = await replica.ConnectAsync();
        for (var i = 0; i < 30; i++)
            await replica.Manager.SendAllAsync($"N{i}", []);

        for (var i = 0; i < 30; i++)
            await client.ExpectAsync($"N{i}");
    }

    [Fact]
    public async Task More_notices_than_can_wait_lose_nothing()
    {
        await using var replica = new Replica(_log, "notices:");
        var client = await replica.ConnectAsync();
        _log.HoldReads();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => replica.Manager.SendAllAsync("N", [])));
        for (var i = 0; i < 500; i++)
            _log.RingWith(LogNotice.Unknown);
        _log.ReleaseReads();

        for (var i = 0; i < 500; i++)
            await client.ExpectAsync("N");
    }
}

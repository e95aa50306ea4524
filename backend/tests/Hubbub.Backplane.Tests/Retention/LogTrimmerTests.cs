using Hubbub.Backplane.Log;
using Hubbub.Backplane.Retention;
using Hubbub.Backplane.Stores.InMemory;

namespace Hubbub.Backplane.Tests.Retention;

public sealed class LogTrimmerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(60, 51)]
    [InlineData(100, 91)]
    [InlineData(1000, 100)] // the last record stays
    public async Task Records_older_than_the_retention_go(int minutesLater, long expectedFirst)
    {
        await using var log = await LogOfHundredMinutesAsync();
        var options = new BackplaneOptions { Retention = TimeSpan.FromMinutes(10) };
        await LogTrimmer.TrimAsync(log, "s", options, Start.AddMinutes(minutesLater), default);
        Assert.Equal(expectedFirst, (await log.OpenAsync("s", default)).First);
    }

    [Fact]
    public async Task Records_beyond_the_greatest_number_go_however_young()
    {
        await using var log = await LogOfHundredMinutesAsync();
        var options = new BackplaneOptions { MaxRetainedRecords = 30 };
        await LogTrimmer.TrimAsync(log, "s", options, Start, default);
        Assert.Equal(71, (await log.OpenAsync("s", default)).First);
    }

    [Fact]
    public async Task An_empty_stream_is_left_alone()
    {
        await using var log = new InMemoryMessageLog();
        await LogTrimmer.TrimAsync(log, "s", new BackplaneOptions(), Start, default);
        Assert.Equal((1, 0), ((await log.OpenAsync("s", default)).First, (await log.OpenAsync("s", default)).Tail));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // of a later format
    [InlineData(new byte[] { 1, 1, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 127 })] // at no time
    public async Task Records_that_tell_no_time_neither_stop_the_trimming_nor_take_others_with_them(byte[] unreadable)
    {
        await using var log = await LogOfHundredMinutesAsync();
        await log.AppendAsync("s", new AppendBatch("p", 2, [.. Enumerable.Repeat(new NewRecord(unreadable, null), 100)]), default);
        var options = new BackplaneOptions { Retention = TimeSpan.FromMinutes(10) };
        await LogTrimmer.TrimAsync(log, "s", options, Start.AddMinutes(60), default);
        Assert.Equal(51, (await log.OpenAsync("s", default)).First);

        options.MaxRetainedRecords = 30;
        await LogTrimmer.TrimAsync(log, "s", options, Start.AddMinutes(60), default);
        Assert.Equal(171, (await log.OpenAsync("s", default)).First);
    }

    [Fact]
    public async Task A_record_from_the_future_keeps_none_beyond_the_greatest_number()
    {
        await using var log = await LogOfHundredMinutesAsync();
        var options = new BackplaneOptions { Retention = TimeSpan.FromMinutes(10), MaxRetainedRecords = 30 };
        await LogTrimmer.TrimAsync(log, "s", options, Start.AddYears(-1), default);
        Assert.Equal(71, (await log.OpenAsync("s", default)).First);
    }

    /// <summary>Record n was made n - 1 minutes after the start.</summary>
    private static async Task<InMemoryMessageLog> LogOfHundredMinutesAsync()
    {
        var log = new InMemoryMessageLog();
        var records = Enumerable.Range(0, 100).Select(minute => new LogRecord
        {
            Kind = RecordKind.All,
            Tag = 1,
            Time = Start.AddMinutes(minute),
            Origin = "r",
        });
        await log.AppendAsync("s", new AppendBatch("p", 1, [.. records.Select(r => new NewRecord(RecordCodec.Encode(r), null))]), default);
        return log;
    }
}

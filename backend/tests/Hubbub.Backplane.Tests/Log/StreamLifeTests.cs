using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Log;

/// <summary>What a replica concludes from what it knows and what another server process has.</summary>
public sealed class StreamLifeTests : IAsyncDisposable
{
    private readonly RestartingLog _log = new();
    private readonly StreamLife _life;
    private long _sequence;

    public StreamLifeTests() => _life = new StreamLife("s", _log);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task The_same_tags_at_the_same_offsets_are_the_same_life()
    {
        _life.Begin(await AppendAsync(1), "start1");
        _life.Read(await AppendAsync(2), "start1");
        _life.Stored(await AppendAsync(3), "start1");
        Assert.Equal("start1", _life.Incarnation);
        _log.Restart();
        await AppendAsync(4);

        await AssertVerdictAsync(isSame: true);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 5)]
    public async Task A_lost_record_is_noticed_whether_it_was_read_or_only_stored_and_whatever_came_in_its_place(int lost, int appended)
    {
        foreach (var isRead in new[] { true, false })
        {
            _life.Begin(await AppendAsync(1), (await _log.OpenAsync("s", Token)).Incarnation);
            var last = await AppendAsync(2);
            if (isRead)
                _life.Read(last, _life.Incarnation);
            else
                _life.Stored(last, _life.Incarnation);
            _log.Restart(lost);
            for (var i = 0; i < appended; i++)
                await AppendAsync(10 + (uint)i);

            await AssertVerdictAsync(isSame: false);
        }
    }

    [Fact]
    public async Task What_becomes_known_from_the_process_that_died_after_its_successor_was_compared_is_compared_too()
    {
        _life.Begin(await AppendAsync(1), "start1");
        var onItsWay = await AppendAsync(2);
        _log.Restart(lost: 1);
        await AssertVerdictAsync(isSame: true);

        _life.Read(onItsWay, "start1");
        Assert.NotEqual("start2", _life.Incarnation);
        _life.Stored(await AppendAsync(3), "start2");
        Assert.NotEqual("start2", _life.Incarnation);

        await AssertVerdictAsync(isSame: false);
    }

    [Fact]
    public async Task A_record_without_a_tag_is_compared_by_its_offset_alone()
    {
        _life.Begin(new LogCursor(_log.Epoch, 0), "start1");
        _life.Stored(await AppendAsync(1) with { Tag = null }, "start1");
        _log.Restart();
        await AssertVerdictAsync(isSame: true);

        _log.Restart(lost: 1);
        await AssertVerdictAsync(isSame: false);
    }

    private async Task AssertVerdictAsync(bool isSame)
    {
        var before = _log.Epoch;
        var present = await _log.OpenAsync("s", Token);

        var verdict = await _life.VerifyAsync(present, Token);

        Assert.Equal(isSame, verdict.Epoch == before);
        Assert.Equal(_log.Epoch, verdict.Epoch);
        Assert.Equal(present.Incarnation, _life.Incarnation);
    }

    private async Task<LogCursor> AppendAsync(uint tag)
    {
        var body = RecordCodec.Encode(new LogRecord { Kind = RecordKind.All, Tag = tag, Time = DateTimeOffset.UnixEpoch, Origin = "o" });
        var result = await _log.AppendAsync("s", new AppendBatch("p", ++_sequence, [new NewRecord(body, null)]), Token);
        return new LogCursor(result.Extent.Epoch, result.Extent.Tail, tag);
    }
}

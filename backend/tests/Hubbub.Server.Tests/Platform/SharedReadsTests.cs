using Hubbub.Server.Platform;
using Microsoft.Extensions.Time.Testing;

namespace Hubbub.Server.Tests.Platform;

/// <summary>One read for many who ask for the same.</summary>
public sealed class SharedReadsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(string Key, TaskCompletionSource<int> Answer)> _reads = [];
    private readonly SharedReads<string, int> _shared;

    public SharedReadsTests()
    {
        _shared = new(
            key =>
            {
                _reads.Add((key, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously)));
                return _reads[^1].Answer.Task;
            },
            TimeSpan.FromSeconds(1),
            _time);
    }

    [Fact]
    public async Task Whoever_asks_while_it_is_read_or_for_a_moment_after_gets_the_same_answer()
    {
        var one = _shared.ReadAsync("a", default);
        _time.Advance(TimeSpan.FromSeconds(5));
        var other = _shared.ReadAsync("a", default);
        _reads.Single().Answer.SetResult(1);
        Assert.Equal((1, 1), (await one, await other));

        var later = _shared.ReadAsync("a", default);
        _reads[1].Answer.SetResult(2);
        Assert.Equal(2, await later);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(2, await _shared.ReadAsync("a", default));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _ = _shared.ReadAsync("a", default);
        Assert.Equal(3, _reads.Count);
    }

    [Fact]
    public void What_is_different_is_read_by_itself()
    {
        _ = _shared.ReadAsync("a", default);
        _ = _shared.ReadAsync("b", default);
        Assert.Equal(["a", "b"], _reads.Select(r => r.Key));
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_waited_and_the_next_one_reads_again()
    {
        var failed = _shared.ReadAsync("a", default);
        _reads[0].Answer.SetException(new IOException("away"));
        await Assert.ThrowsAsync<IOException>(() => failed);
        var next = _shared.ReadAsync("a", default);
        _reads[1].Answer.SetResult(4);
        Assert.Equal(4, await next);
    }

    [Fact]
    public async Task Somebody_who_gives_up_takes_it_from_nobody()
    {
        using var impatience = new CancellationTokenSource();
        var impatient = _shared.ReadAsync("a", impatience.Token);
        var waiting = _shared.ReadAsync("a", default);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _reads.Single().Answer.SetResult(5);
        Assert.Equal(5, await waiting);
    }
}

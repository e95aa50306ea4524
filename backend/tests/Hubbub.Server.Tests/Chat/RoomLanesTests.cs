using Hubbub.Server.Chat;

namespace Hubbub.Server.Tests.Chat;

public sealed class RoomLanesTests
{
    private readonly RoomLanes _lanes = new();
    private readonly Guid _room = Guid.NewGuid();

    [Fact]
    public async Task Those_who_wait_are_served_by_the_one_attempt_that_covers_them()
    {
        var gate = new TaskCompletionSource();
        var attempts = 0;
        var first = _lanes.ReachAsync(_room, 1, async () =>
        {
            await gate.Task;
            return 1;
        });
        var waiting = Enumerable.Range(2, 50).Select(seq => _lanes.ReachAsync(_room, seq, () =>
        {
            attempts++;
            return Task.FromResult(51L);
        })).ToList();

        gate.SetResult();
        await first;
        await Task.WhenAll(waiting);

        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task Those_who_wait_share_a_failure_that_began_after_they_came()
    {
        var gate = new TaskCompletionSource();
        var attempts = 0;
        var first = _lanes.ReachAsync(_room, 1, async () =>
        {
            await gate.Task;
            throw new TimeoutException();
        });
        var waiting = Enumerable.Range(2, 50).Select(seq => _lanes.ReachAsync(_room, seq, () =>
        {
            attempts++;
            throw new TimeoutException();
        })).ToList();

        gate.SetResult();
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        foreach (var one in waiting)
            await Assert.ThrowsAsync<TimeoutException>(() => one);

        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task A_failure_is_forgotten_by_those_who_come_later()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => _lanes.ReachAsync(_room, 1, () => throw new TimeoutException()));
        await _lanes.ReachAsync(_room, 1, () => Task.FromResult(1L));
    }

    [Fact]
    public async Task Rooms_do_not_wait_for_each_other()
    {
        var gate = new TaskCompletionSource();
        var held = _lanes.ReachAsync(_room, 1, async () =>
        {
            await gate.Task;
            return 1;
        });

        await _lanes.ReachAsync(Guid.NewGuid(), 1, () => Task.FromResult(1L));

        Assert.False(held.IsCompleted);
        gate.SetResult();
        await held;
    }
}

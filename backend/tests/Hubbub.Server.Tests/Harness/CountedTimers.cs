using Microsoft.Extensions.Time.Testing;

namespace Hubbub.Server.Tests.Harness;

/// <summary>A clock that goes on when a test says so, and that knows how many timers wait: a test lets time pass when somebody waits for it.</summary>
internal sealed class CountedTimers() : FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private int _waiting;

    /// <summary>Timers that have neither fired nor been disposed of.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this);
        timer.Begin(base.CreateTimer(_ => timer.Fire(callback, state), null, dueTime, period));
        return timer;
    }

    private sealed class Timer(CountedTimers owner) : ITimer
    {
        private ITimer? _inner;
        private int _isOver;

        public void Begin(ITimer inner)
        {
            Interlocked.Increment(ref owner._waiting);
            _inner = inner;
        }

        public void Fire(TimerCallback callback, object? state)
        {
            End();
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _inner!.Change(dueTime, period);

        public void Dispose()
        {
            End();
            _inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void End()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                Interlocked.Decrement(ref owner._waiting);
        }
    }
}

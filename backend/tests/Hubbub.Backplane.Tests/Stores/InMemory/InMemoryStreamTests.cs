using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;

namespace Hubbub.Backplane.Tests.Stores.InMemory;

public sealed class InMemoryStreamTests
{
    [Fact]
    public void Trimming_forgets_producers_that_were_silent_for_a_day()
    {
        var time = new ManualTime();
        var stream = new InMemoryStream(time);
        stream.Append(Batch("old"));
        time.Advance(TimeSpan.FromHours(23));
        stream.Append(Batch("new"));

        stream.Trim(0);
        Assert.Equal(2, stream.ProducerCount);

        time.Advance(TimeSpan.FromHours(2));
        stream.Trim(0);
        Assert.Equal(1, stream.ProducerCount);
        Assert.Equal(0, stream.Append(Batch("new")));
    }

    private static AppendBatch Batch(string producer) => new(producer, 1, [LogTestExtensions.Record("a")]);

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}

using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace Hubbub.Backplane.Tests.Stores.InMemory;

public sealed class InMemoryStreamTests
{
    [Fact]
    public void Trimming_forgets_producers_that_were_silent_for_a_day()
    {
        var time = new FakeTimeProvider();
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
}

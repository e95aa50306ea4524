using System.Globalization;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Stores;

/// <summary>Several producers that append numbered records and repeat a batch, with its sequence, until it is known to be stored.</summary>
internal static class RetryingProducers
{
    /// <returns>How many appends had to be repeated.</returns>
    public static async Task<int> RunAsync(IMessageLog log, string stream, int producers, int batches)
    {
        var repeated = 0;
        await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Task.Run(async () =>
        {
            for (var batch = 1; batch <= batches; batch++)
            {
                var sequence = batch;
                var attempts = 0;
                await Eventually.AvailableAsync(() =>
                {
                    if (attempts++ > 0)
                        Interlocked.Increment(ref repeated);
                    return log.AppendAsync(stream, $"p{producer}", sequence, $"{producer}/{sequence}/a", $"{producer}/{sequence}/b");
                });
            }
        })));
        return repeated;
    }

    /// <summary>Each record is there once, and those of a producer are in order.</summary>
    public static void AssertStoredOnce(List<string> texts, int producers, int batches)
    {
        Assert.Equal(producers * batches * 2, texts.Count);
        foreach (var ofProducer in texts.GroupBy(text => text.Split('/')[0], StringComparer.Ordinal))
        {
            var expected = Enumerable.Range(1, batches).Select(
                batch => string.Create(CultureInfo.InvariantCulture, $"{ofProducer.Key}/{batch}")).SelectMany(name => (string[])[$"{name}/a", $"{name}/b"]);
            Assert.Equal(expected, ofProducer);
        }
    }
}

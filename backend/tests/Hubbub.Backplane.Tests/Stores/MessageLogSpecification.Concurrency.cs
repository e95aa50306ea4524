using System.Collections.Concurrent;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Stores;

public abstract partial class MessageLogSpecification
{
    private const int Producers = 8;
    private const int Batches = 60;
    private const int RecordsPerBatch = 5;

    /// <summary>
    /// The trap of offsets that are given before they are committed: a reader passes over one that becomes visible later. Each poll here
    /// takes
    /// what is there and never looks back, so a late insert is missed for good.
    /// </summary>
    [Fact]
    public async Task A_reader_that_polls_while_many_append_misses_nothing()
    {
        await Log.OpenAsync(Stream, Token);
        var instances = new[] { Log, await AnotherAsync() };
        var appended = new ConcurrentBag<(string Producer, long Tail)>();

        var writing = Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Task.Run(async () =>
        {
            var log = instances[producer % instances.Length];
            for (var batch = 1; batch <= Batches; batch++)
            {
                var texts = Enumerable.Range(0, RecordsPerBatch).Select(i => $"{producer}/{batch}/{i}").ToArray();
                var extent = await log.AppendAsync(Stream, $"producer {producer}", batch, texts);
                appended.Add(($"{producer}", extent.Tail));
            }
        })));

        var readers = await Task.WhenAll(PollAsync(await AnotherAsync()), PollAsync(Log));
        await writing;

        const int Total = Producers * Batches * RecordsPerBatch;
        Assert.Equal(Total, (await Log.OpenAsync(Stream, Token)).Tail);
        Assert.Equal(Producers * Batches, appended.Select(a => a.Tail).Distinct().Count());
        Assert.All(readers, texts => AssertCompleteAndInOrder(texts));
        Assert.Equal(readers[0], readers[1]);
        Assert.Equal(readers[0], await Log.ReadAllAsync(Stream));

        async Task<List<string>> PollAsync(IMessageLog log)
        {
            var texts = new List<string>();
            var position = 0L;
            while (position < Total)
            {
                var slice = await log.ReadAsync(Stream, position, 100, Token);
                foreach (var entry in slice.Entries)
                {
                    Assert.Equal(++position, entry.Offset);
                    texts.Add(entry.Text());
                }

                // A batch is there as a whole or not at all.
                Assert.Equal(0, slice.Extent.Tail % RecordsPerBatch);
                Assert.True(slice.Entries.Count == 100 || position == slice.Extent.Tail, "a slice reaches to the tail it tells of");
            }

            return texts;
        }
    }

    private static void AssertCompleteAndInOrder(List<string> texts)
    {
        foreach (var batch in texts.Chunk(RecordsPerBatch))
            Assert.Equal(Enumerable.Range(0, RecordsPerBatch).Select(i => $"{batch[0][..^2]}/{i}"), batch);
        foreach (var ofProducer in texts.Chunk(RecordsPerBatch).GroupBy(batch => batch[0].Split('/')[0], StringComparer.Ordinal))
            Assert.Equal(Enumerable.Range(1, Batches), ofProducer.Select(batch => int.Parse(batch[0].Split('/')[1], provider: null)));
        Assert.Equal(Producers * Batches * RecordsPerBatch, texts.Count);
    }

    [Fact]
    public async Task Keys_are_taken_once_when_many_offer_them_at_a_time()
    {
        var instances = new[] { Log, await AnotherAsync() };

        await Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Task.Run(async () =>
        {
            for (var i = 1; i <= 40; i++)
                await instances[producer % 2].AppendAsync(Stream, $"p{producer}", i, LogTestExtensions.Record($"key {i}", $"key {i}"));
        })));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"key {i}"), (await Log.ReadAllAsync(Stream)).Order(Comparer<string>.Create(ByNumber)));

        static int ByNumber(string a, string b) => int.Parse(a.AsSpan(4), provider: null).CompareTo(int.Parse(b.AsSpan(4), provider: null));
    }

    [Fact]
    public async Task Trimming_while_others_append_and_read_loses_nothing_that_is_kept()
    {
        const int Last = 300;
        await Log.OpenAsync(Stream, Token);
        var trimmer = await AnotherAsync();

        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= Last; i++)
                await Log.AppendAsync(Stream, "p", i, LogTestExtensions.Record($"{i}", $"{i % 50}/{i}"));
        }, Token);
        var position = 0L;
        while (position < Last)
        {
            var slice = await trimmer.ReadAsync(Stream, position, 20, Token);
            foreach (var entry in slice.Entries)
            {
                Assert.Equal(++position, entry.Offset);
                Assert.Equal($"{position}", entry.Text());
            }

            await trimmer.TrimAsync(Stream, position - 10, Token);
        }

        await writing;
        var extent = await Log.OpenAsync(Stream, Token);
        Assert.Equal((Last - 9, Last), (extent.First, extent.Tail));
        Assert.Equal(10, (await Log.ReadAllAsync(Stream)).Count);
    }
}

using System.Text;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Stores;

/// <summary>Short forms for tests, where a record is a text.</summary>
internal static class LogTestExtensions
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static NewRecord Record(string text, string? key = null) => new(Encoding.UTF8.GetBytes(text), key);

    public static ValueTask<LogExtent> AppendAsync(this IMessageLog log, string stream, string producer, long sequence, params string[] texts) =>
        log.AppendAsync(stream, producer, sequence, [.. texts.Select(text => Record(text))]);

    public static async ValueTask<LogExtent> AppendAsync(
        this IMessageLog log, string stream, string producer, long sequence, params NewRecord[] records) =>
        (await log.AppendAsync(stream, new AppendBatch(producer, sequence, records), Token)).Extent;

    public static string Text(this LogEntry entry) => Encoding.UTF8.GetString(entry.Body.Span);

    /// <summary>Reads to the end, a slice after another, and checks that offsets are consecutive.</summary>
    public static async Task<List<string>> ReadAllAsync(this IMessageLog log, string stream, long after = 0)
    {
        var texts = new List<string>();
        var position = after;
        while (true)
        {
            var slice = await log.ReadAsync(stream, position, 1000, Token);
            foreach (var entry in slice.Entries)
            {
                if (texts.Count > 0)
                    Assert.Equal(position + 1, entry.Offset);
                position = entry.Offset;
                texts.Add(entry.Text());
            }

            if (position >= slice.Extent.Tail)
                return texts;
        }
    }
}

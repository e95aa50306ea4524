using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores.InMemory;

/// <summary>One stream of the in-memory log. Its owner sees to it that one caller is inside at a time.</summary>
internal sealed class InMemoryStream(TimeProvider time)
{
    /// <summary>After this long a producer is gone for good and its sequence is forgotten.</summary>
    private static readonly TimeSpan ProducerLifetime = TimeSpan.FromDays(1);

    private readonly List<(byte[] Body, string? Key)> _records = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Sequence, long SeenAt)> _producers = new(StringComparer.Ordinal);

    public LogExtent Extent { get; private set; } = new(LogExtent.NewEpoch(), First: 1, Tail: 0);

    /// <summary>How many producers it remembers.</summary>
    public int ProducerCount => _producers.Count;

    /// <summary>How many records were added.</summary>
    public int Append(AppendBatch batch)
    {
        if (batch.Incarnation.Length > 0 && batch.Incarnation != Extent.Incarnation)
            return 0;
        if (_producers.TryGetValue(batch.ProducerId, out var last) && last.Sequence >= batch.Sequence)
            return 0;
        if (batch.Epoch.Length > 0 && batch.Epoch != Extent.Epoch)
            return 0;
        _producers[batch.ProducerId] = (batch.Sequence, time.GetTimestamp());

        var before = _records.Count;
        foreach (var record in batch.Records)
        {
            if (record.Key is null || _keys.Add(record.Key))
                _records.Add((record.Body.ToArray(), record.Key));
        }

        var added = _records.Count - before;
        Extent = Extent with { Tail = Extent.Tail + added };
        return added;
    }

    public LogSlice Read(long after, int maxRecords)
    {
        var extent = Extent;
        var entries = new List<LogEntry>();
        var bytes = 0;
        for (var offset = Math.Clamp(after, extent.First - 1, extent.Tail) + 1; offset <= extent.Tail && entries.Count < maxRecords; offset++)
        {
            var body = _records[(int)(offset - extent.First)].Body;
            bytes += body.Length;
            if (entries.Count > 0 && bytes > LogArguments.MaxReadBytes)
                break;
            entries.Add(new LogEntry(offset, body));
        }

        return new LogSlice(extent, entries);
    }

    public void Trim(long upTo)
    {
        var count = (int)(Math.Clamp(upTo, 0, Math.Max(Extent.Tail - 1, 0)) - Extent.First + 1);
        if (count > 0)
        {
            for (var i = 0; i < count; i++)
            {
                if (_records[i].Key is { } key)
                    _keys.Remove(key);
            }

            _records.RemoveRange(0, count);
            Extent = Extent with { First = Extent.First + count };
        }

        foreach (var (id, (_, seenAt)) in _producers)
        {
            if (time.GetElapsedTime(seenAt) > ProducerLifetime)
                _producers.Remove(id);
        }
    }

    public void ReplaceEpoch(string expectedEpoch)
    {
        if (Extent.Epoch == expectedEpoch)
            Extent = Extent with { Epoch = LogExtent.NewEpoch() };
    }
}

using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores.InMemory;

/// <summary>The log of a single process: for one replica without a store, and for tests, where several managers share one instance.</summary>
public sealed class InMemoryMessageLog : IMessageLog
{
    private const int MaxReadBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken)
    {
        lock (_gate)
            return ValueTask.FromResult(Get(stream).Extent);
    }

    /// <inheritdoc />
    public ValueTask<LogExtent> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken)
    {
        Action[] bells;
        LogExtent extent;
        lock (_gate)
        {
            var s = Get(stream);
            if (s.LastSequences.TryGetValue(batch.ProducerId, out var last) && last >= batch.Sequence)
                return ValueTask.FromResult(s.Extent);

            s.LastSequences[batch.ProducerId] = batch.Sequence;
            foreach (var record in batch.Records)
            {
                if (record.Key is null || s.Keys.Add(record.Key))
                    s.Records.Add((record.Body.ToArray(), record.Key));
            }

            extent = s.Extent;
            bells = [.. s.Bells];
        }

        foreach (var ring in bells)
            ring();
        return ValueTask.FromResult(extent);
    }

    /// <inheritdoc />
    public ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var s = Get(stream);
            var entries = new List<LogEntry>();
            var bytes = 0;
            for (var offset = Math.Max(after + 1, s.First); offset <= s.Extent.Tail; offset++)
            {
                var body = s.Records[(int)(offset - s.First)].Body;
                if (entries.Count == maxRecords || (entries.Count > 0 && bytes + body.Length > MaxReadBytes))
                    break;
                bytes += body.Length;
                entries.Add(new LogEntry(offset, body));
            }

            return ValueTask.FromResult(new LogSlice(s.Extent, entries));
        }
    }

    /// <inheritdoc />
    public ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var s = Get(stream);
            var count = (int)Math.Clamp(upTo - s.First + 1, 0, Math.Max(s.Records.Count - 1, 0));
            s.Keys.ExceptWith(s.Records.Take(count).Select(r => r.Key).OfType<string>());
            s.Records.RemoveRange(0, count);
            s.First += count;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var s = Get(stream);
            if (s.Epoch == expectedEpoch)
                s.Epoch = LogExtent.NewEpoch();
            return ValueTask.FromResult(s.Extent);
        }
    }

    /// <inheritdoc />
    public IDisposable Subscribe(string stream, Action ring)
    {
        lock (_gate)
            Get(stream).Bells.Add(ring);
        return new Subscription(this, stream, ring);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Stream Get(string name)
    {
        if (!_streams.TryGetValue(name, out var stream))
            _streams[name] = stream = new Stream();
        return stream;
    }

    private sealed class Stream
    {
        public string Epoch { get; set; } = LogExtent.NewEpoch();
        public long First { get; set; } = 1;
        public List<(byte[] Body, string? Key)> Records { get; } = new();
        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, long> LastSequences { get; } = new(StringComparer.Ordinal);
        public List<Action> Bells { get; } = [];
        public LogExtent Extent => new(Epoch, First, First + Records.Count - 1);
    }

    private sealed class Subscription(InMemoryMessageLog log, string stream, Action ring) : IDisposable
    {
        public void Dispose()
        {
            lock (log._gate)
                log.Get(stream).Bells.Remove(ring);
        }
    }
}

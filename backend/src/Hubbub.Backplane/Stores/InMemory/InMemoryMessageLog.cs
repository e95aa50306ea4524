using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hubbub.Backplane.Stores.InMemory;

/// <summary>
/// The log of a single process: for one replica without a store, and for tests, where several managers share one instance.
/// </summary>
/// <remarks>It never fails, keeps all records until they are trimmed, and ends with the process: a new one begins a new epoch.</remarks>
public sealed class InMemoryMessageLog : IMessageLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, InMemoryStream> _streams = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Doorbells<LogNotice> _bells;

    public InMemoryMessageLog()
        : this(TimeProvider.System)
    {
    }

    public InMemoryMessageLog(TimeProvider time, ILogger<InMemoryMessageLog>? logger = null)
    {
        _time = time;
        _bells = new Doorbells<LogNotice>(logger ?? NullLogger<InMemoryMessageLog>.Instance);
    }

    /// <inheritdoc />
    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            return ValueTask.FromResult(Get(stream).Extent);
    }

    /// <inheritdoc />
    public ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        LogArguments.CheckBatch(batch);
        cancellationToken.ThrowIfCancellationRequested();

        int added;
        LogExtent extent;
        lock (_gate)
        {
            var target = Get(stream);
            added = target.Append(batch);
            extent = target.Extent;
        }

        // Outside the lock, since a callback may read at once.
        if (added > 0)
            _bells.Ring(stream, LogNotice.UpTo(extent.Tail));
        return ValueTask.FromResult(new AppendResult(extent, StoredAll: added == batch.Records.Count));
    }

    /// <inheritdoc />
    public ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        maxRecords = LogArguments.CheckMaxRecords(maxRecords);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            return ValueTask.FromResult(Get(stream).Read(after, maxRecords));
    }

    /// <inheritdoc />
    public ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            Get(stream).Trim(upTo);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var target = Get(stream);
            target.ReplaceEpoch(expectedEpoch);
            return ValueTask.FromResult(target.Extent);
        }
    }

    /// <inheritdoc />
    public IDisposable Subscribe(string stream, Action<LogNotice> notify)
    {
        LogArguments.CheckStream(stream);
        return _bells.Add(stream, notify);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private InMemoryStream Get(string name)
    {
        if (!_streams.TryGetValue(name, out var stream))
            _streams[name] = stream = new InMemoryStream(_time);
        return stream;
    }
}

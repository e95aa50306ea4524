using System.Threading.Channels;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Stores;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Publish;

/// <summary>
/// Stores this replica's records of one stream, in the order of the calls, in batches: whatever has come in while the store was busy
/// with the last batch is the next one (group commit). One appender with large batches beats many writers in every store.
/// </summary>
internal sealed partial class Appender : IAsyncDisposable
{
    /// <summary>A batch closes at this size even if it has room for more records.</summary>
    private const long MaxBatchBytes = 1024 * 1024;

    private readonly string _stream;
    private readonly string _task;
    private readonly IMessageLog _log;
    private readonly BackplaneOptions _options;
    private readonly BackplaneStatus _status;
    private readonly BackplaneMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StreamLife _life;
    private readonly Action<long> _appended;
    private readonly Channel<PendingAppend> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _producerId = Guid.NewGuid().ToString("n");
    private readonly Task _running;
    private long _queuedBytes;
    private long _sequence;
    private volatile StoredAt? _lastStored;
    private volatile string _epoch = "";

    /// <param name="stream">The stream to append to.</param>
    /// <param name="log">The store.</param>
    /// <param name="options">Bounds and budgets.</param>
    /// <param name="status">Told when the store goes away and comes back.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock of budgets and back-off.</param>
    /// <param name="logger">Where outages are written.</param>
    /// <param name="life">What this replica knows to be stored.</param>
    /// <param name="appended">Called after each stored batch with the tail, so that this replica's reader knows what to expect.</param>
    public Appender(
        string stream,
        IMessageLog log,
        BackplaneOptions options,
        BackplaneStatus status,
        BackplaneMetrics metrics,
        TimeProvider time,
        ILogger logger,
        StreamLife life,
        Action<long> appended)
    {
        _stream = stream;
        _task = $"append to stream {stream}";
        _log = log;
        _options = options;
        _status = status;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _life = life;
        _appended = appended;
        _queue = Channel.CreateBounded<PendingAppend>(
            new BoundedChannelOptions(options.MaxQueuedRecords) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _running = Task.Run(RunAsync);
    }

    /// <summary>
    /// The place of the last record that this replica knows to be stored. Its epoch may be one that has ended: when the store has lost everything,
    /// offsets begin anew, and a place among the old ones says nothing about the new ones.
    /// </summary>
    public LogCursor LastStored => _lastStored?.Cursor ?? default;

    /// <summary>Completes when the records are stored, all together and in this order.</summary>
    /// <exception cref="ArgumentException">No store takes them: one is too large, or they are too many, or a key is none.</exception>
    /// <exception cref="BackplaneUnavailableException">They are not known to be stored: the store was away for too long, or too much waits for it.</exception>
    public Task AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);

        LogArguments.CheckRecords(records);
        var pending = new PendingAppend(records, _epoch, _time.GetTimestamp() + Ticks(_options.PublishBudget))
        {
            Sender = BackplaneTracing.CurrentSend,
        };
        if (Interlocked.Add(ref _queuedBytes, pending.Bytes) > _options.MaxQueuedBytes || !_queue.Writer.TryWrite(pending))
        {
            Interlocked.Add(ref _queuedBytes, -pending.Bytes);
            return Task.FromException(new BackplaneUnavailableException(
                _stopping.IsCancellationRequested ? "The backplane is stopping." : "Too many messages wait for the backplane's store."));
        }

        return cancellationToken.CanBeCanceled ? pending.Task.WaitAsync(cancellationToken) : pending.Task;
    }

    /// <summary>Tells the epoch that this replica reads in.</summary>
    public void BeginEpoch(string epoch) => _epoch = epoch;

    /// <summary>Stores what is queued, as far as the budget of each send allows, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _stopping.CancelAfter(_options.PublishBudget);
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var members = new List<PendingAppend>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            var records = TakeBatch(members);
            if (members.Count > 0)
            {
                var append = BackplaneTracing.StartAppend(_stream, members, records.Count);
                await StoreAsync(new AppendBatch(_producerId, ++_sequence, records) { Epoch = members[0].Epoch }, members);
                BackplaneTracing.EndAppend(append, members);
            }

            // With nothing left to try it would never learn that the store is back, and a replica that is not ready gets nothing to send.
            // The reader goes on trying, and knows.
            if (_queue.Reader.Count == 0)
                _status.Succeeded(this, _task);
        }
    }

    /// <summary>Takes sends from the queue until the batch is full; those that nobody waits for any more fail here.</summary>
    private List<NewRecord> TakeBatch(List<PendingAppend> members)
    {
        members.Clear();
        var records = new List<NewRecord>();
        var bytes = 0L;
        while (records.Count < _options.MaxBatchRecords && bytes < MaxBatchBytes && _queue.Reader.TryPeek(out var pending))
        {
            // Each is within what a store takes, both together may not be.
            if (records.Count + pending.Records.Count > LogArguments.MaxBatchRecords || bytes + pending.Bytes > LogArguments.MaxBatchBytes)
                break;
            if (members.Count > 0 && pending.Epoch != members[0].Epoch)
                break;

            _queue.Reader.TryRead(out _);
            Interlocked.Add(ref _queuedBytes, -pending.Bytes);
            if (IsExpired(pending))
            {
                Fail(pending, null);
                continue;
            }

            members.Add(pending);
            records.AddRange(pending.Records);
            bytes += pending.Bytes;
        }

        return records;
    }

    /// <summary>
    /// Appends a batch, again and again with the same sequence number while the store is away, so that an append whose answer was lost is
    /// not stored twice. A restarted server gets it only after it was compared with what is known. Gives up when nobody waits for it any more.
    /// </summary>
    private async Task StoreAsync(AppendBatch batch, List<PendingAppend> members)
    {
        var backOff = new BackOff();
        var start = _time.GetTimestamp();
        var isInDoubt = false;
        var isAppending = false;
        var refusals = 0;
        while (true)
        {
            try
            {
                batch = batch with { Incarnation = _life.Incarnation };
                isAppending = true;
                var result = await _log.AppendAsync(_stream, batch, _stopping.Token);
                isAppending = false;
                var extent = result.Extent;
                _status.Succeeded(this, _task);
                var isOfAnotherServer = batch.Incarnation.Length > 0 && batch.Incarnation != extent.Incarnation;
                if (isOfAnotherServer)
                    await _life.VerifyAsync(extent, _stopping.Token);
                else
                    _epoch = extent.Epoch;

                var isOfAnotherEpoch = !isOfAnotherServer && batch.Epoch.Length > 0 && batch.Epoch != extent.Epoch;
                if (isOfAnotherServer || isOfAnotherEpoch)
                {
                    // A store that changes again and again, as one that evicts does, is not asked as fast as it answers.
                    if (refusals++ > 0)
                        await backOff.WaitAsync(_time, _stopping.Token);
                    FailExpired(members, cause: null);
                    if (isOfAnotherEpoch)
                        FailStale(members, isInDoubt);
                    if (members.Count == 0)
                        return;
                    if (isOfAnotherEpoch)
                    {
                        batch = new AppendBatch(_producerId, ++_sequence, [.. members.SelectMany(m => m.Records)]) { Epoch = extent.Epoch };
                        isInDoubt = false;
                    }

                    continue;
                }

                var last = new LogCursor(extent.Epoch, extent.Tail, result.StoredAll ? RecordCodec.TagOf(batch.Records[^1].Body) : null);
                _life.Stored(last, extent.Incarnation);
                _lastStored = new StoredAt(last);
                _metrics.Appended(_stream, batch.Records.Count, _time.GetElapsedTime(start));
                _appended(extent.Tail);
                foreach (var member in members)
                    member.TrySetResult();
                return;
            }
            catch (Exception e) when (e is MessageLogUnavailableException or OperationCanceledException)
            {
                isInDoubt |= isAppending;
                _status.Failed(this, _task, e);
                if (_stopping.IsCancellationRequested)
                {
                    FailAll(members, e);
                    return;
                }

                FailExpired(members, e);
                if (members.Count == 0)
                    return;
                await backOff.WaitAsync(_time, _stopping.Token);
            }
#pragma warning disable CA1031 // The loop must outlive whatever a store throws; the senders get it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.AppendFailed(_logger, _stream, e);
                FailAll(members, e);
                return;
            }
        }
    }

    private bool IsExpired(PendingAppend pending) => _time.GetTimestamp() >= pending.Expires;

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private void FailExpired(List<PendingAppend> members, Exception? cause) =>
        members.RemoveAll(member =>
        {
            if (!IsExpired(member))
                return false;
            Fail(member, cause);
            return true;
        });

    /// <summary>
    /// The store has begun a new epoch, and with the records of the old one the knowledge may be gone whether these are among them: by an attempt whose
    /// answer did not come, or by another replica with the same key. To store them now could say twice, and late, what clients have been told.
    /// </summary>
    private static void FailStale(List<PendingAppend> members, bool isInDoubt) =>
        members.RemoveAll(member =>
        {
            if (!isInDoubt && !member.HasKey)
                return false;
            Fail(member, null, "The backplane's store has begun anew; the message may have been stored before.");
            return true;
        });

    private static void FailAll(List<PendingAppend> members, Exception cause)
    {
        foreach (var member in members)
            Fail(member, cause);
    }

    private static void Fail(PendingAppend pending, Exception? cause, string message = "The backplane's store did not accept the message in time.")
    {
        pending.TrySetException(cause is null ? new BackplaneUnavailableException(message) : new BackplaneUnavailableException(message, cause));

        // A sender that was cancelled has gone: without this look its failure would surface as an unobserved exception.
        _ = pending.Task.Exception;
    }

    /// <summary>A place that other threads may read while the next one is written.</summary>
    private sealed record StoredAt(LogCursor Cursor);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Records of stream {Stream} could not be appended.", EventName = "AppendFailed")]
        public static partial void AppendFailed(ILogger logger, string stream, Exception exception);
    }
}

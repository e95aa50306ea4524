using Hubbub.Backplane.ClientResults;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Reading;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// Takes the records of a stream in order and hands each to the connections of this replica that it is for. Everything here is done
/// one step after the other: records, connections that come and go, groups they enter and leave. So nothing needs a lock, and
/// "before" and "after" have one meaning. A step runs on the thread that brings it where no other is under way, so that a record passes from
/// the store's connection to the sockets without waking another thread.
/// </summary>
internal sealed partial class Dispatcher : ILogListener, IAsyncDisposable
{
    /// <summary>So many batches may wait; then the reader waits. The store keeps what is not read yet.</summary>
    private const int MaxWaitingBatches = 4;

    private readonly string _stream;
    private readonly string _replicaId;
    private readonly BackplaneOptions _options;
    private readonly ClientCalls _calls;
    private readonly BackplaneMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StepQueue _steps;
    private readonly SemaphoreSlim _batchSlots = new(MaxWaitingBatches, MaxWaitingBatches);
    private readonly LocalAudience _audience = new();
    private readonly PriorityQueue<Action, (long Fence, long Order)> _fenced = new();
    private LogCursor _at;
    private long _order;
    private long _cursorsSentAt;
    private bool _isStoreAway;
    private volatile LogPositionSnapshot? _position;

    public Dispatcher(
        string stream, string replicaId, BackplaneOptions options, ClientCalls calls, BackplaneMetrics metrics, TimeProvider time, ILogger logger)
    {
        _stream = stream;
        _metrics = metrics;
        _time = time;
        _options = options;
        Recent = new RecentRecords(options.RecentBytes);
        _replicaId = replicaId;
        _calls = calls;
        _logger = logger;
        _steps = new StepQueue(e => Log.StepFailed(logger, stream, e));
    }

    /// <summary>The records handed out last.</summary>
    public RecentRecords Recent { get; }

    /// <summary>The cursor of the last record handed out; null before the first start.</summary>
    public LogCursor? Position => _position?.Cursor;

    /// <summary>
    /// Completes when the connection gets every record from here on. What this replica has sent so far, up to <paramref name="fence"/>, is
    /// not for it, even if it is not read yet.
    /// </summary>
    public Task AddAsync(ConnectionPump pump, LogCursor fence)
    {
        var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = _steps.Run(() =>
        {
            pump.Start = IsPassed(fence) ? _at : fence;
            _audience.Add(pump);
            added.SetResult();
        });
        return isTaken ? added.Task : Task.FromException(new BackplaneUnavailableException("The backplane is stopping."));
    }

    public void Remove(ConnectionPump pump) => _steps.Run(() => _audience.Remove(pump));

    /// <summary>Puts a connection of this replica into a group, for all records after <paramref name="fence"/>.</summary>
    public void Join(string connectionId, string group, LogCursor fence) =>
        _steps.Run(() => AtFence(fence, () => _audience.Join(connectionId, group)));

    /// <summary>Takes a connection of this replica out of a group, for all records after <paramref name="fence"/>.</summary>
    public void Leave(string connectionId, string group, LogCursor fence) =>
        _steps.Run(() => AtFence(fence, () => _audience.Leave(connectionId, group)));

    /// <summary>
    /// Lets messages flow to a connection that was held, once everything up to <paramref name="fence"/> has been handed out. The catch-up is
    /// given the place where the live flow begins and the groups that the connection is in there; live messages wait behind it.
    /// </summary>
    public void GoLive(ConnectionPump pump, LogCursor fence, Func<LogCursor, IReadOnlySet<string>, Task> catchUpAsync) =>
        _steps.Run(() => AtFence(fence, () =>
        {
            var (at, groups) = (_at, pump.Groups.ToHashSet());
            pump.GoLive(() => catchUpAsync(at, groups));
            if (_isStoreAway)
                pump.Deliver(StoreMessage.Of(isAway: true));
        }));

    /// <summary>Tells every client that can resume where it stands.</summary>
    public void SendCursors() => _steps.Run(SendCursorsNow);

    /// <summary>Tells every client that can resume whether the store can be reached.</summary>
    public void TellStore(bool isAway) => _steps.Post(() =>
    {
        _isStoreAway = isAway;
        var message = StoreMessage.Of(isAway);
        foreach (var pump in _audience.Resuming)
            pump.Deliver(message);
    });

    /// <summary>Hands a message that stands in no log to a connection of this replica, after all records up to <paramref name="fence"/>.</summary>
    public void Deliver(ConnectionPump pump, DeliverableMessage message, LogCursor fence) =>
        _steps.Run(() => AtFence(fence, () => pump.Deliver(message)));

    ValueTask ILogListener.StartAsync(LogCursor position)
    {
        _steps.Run(() => Start(position));
        return ValueTask.CompletedTask;
    }

    async ValueTask ILogListener.ReadAsync(IReadOnlyList<LogEntry> entries)
    {
        await _batchSlots.WaitAsync();
        _steps.Run(() =>
        {
            _batchSlots.Release();
            foreach (var entry in entries)
            {
                DispatchOrSkip(entry);
                _at = At(entry);
                ApplyFenced();
            }

            _position = new LogPositionSnapshot(_at);
            if (_at.Offset - _cursorsSentAt > _options.MaxRetainedRecords / 4)
                SendCursorsNow();
        });
    }

    ValueTask ILogListener.LostAsync(string reason, LogCursor position)
    {
        // In one step: a connection that came in between would have a place before the hole.
        _steps.Run(() =>
        {
            var dropped = _audience.DropAll();
            _metrics.Dropped(_stream, DropReason.Gap, dropped);
            Log.DroppedAll(_logger, _stream, dropped, reason);
            Start(position);
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _steps.DisposeAsync();
        _batchSlots.Dispose();
    }

    private void Start(LogCursor position)
    {
        // Fences of another epoch mean nothing here, and no record they waited for will come.
        _at = position;
        while (_fenced.TryDequeue(out var change, out _))
            change();
        Recent.Clear(_at);
        _cursorsSentAt = position.Offset;
        _position = new LogPositionSnapshot(_at);
    }

    /// <summary>
    /// Makes a change of groups exactly between the records up to the fence and those after it: a message that this replica had sent before the
    /// change still goes by the old groups, even if it is not read yet.
    /// </summary>
    private void AtFence(LogCursor fence, Action change)
    {
        if (IsPassed(fence))
            change();
        else
            _fenced.Enqueue(change, (fence.Offset, ++_order));
    }

    /// <summary>
    /// True if no record up to the fence is to come. One of an epoch that has ended stands among offsets that mean other records now; one of an
    /// epoch that this replica has still to hear of is for connections that are about to be dropped.
    /// </summary>
    private bool IsPassed(LogCursor fence) => fence.Epoch != _at.Epoch || fence.Offset <= _at.Offset;

    private void ApplyFenced()
    {
        while (_fenced.TryPeek(out _, out var at) && at.Fence <= _at.Offset)
            _fenced.Dequeue()();
    }

    private void SendCursorsNow()
    {
        _cursorsSentAt = _at.Offset;
        var message = CursorMessage.At(_at);
        foreach (var pump in _audience.Resuming)
            pump.Deliver(message);
    }

    private void DispatchOrSkip(LogEntry entry)
    {
        try
        {
            Dispatch(entry);
        }
#pragma warning disable CA1031 // Whatever is wrong with a record must not stop those behind it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // What is recent must stay without a hole.
            Log.UnreadableRecord(_logger, _stream, entry.Offset, e);
            _metrics.Skipped(_stream, "unreadable");
            Recent.Clear(At(entry));
        }
    }

    private void Dispatch(LogEntry entry)
    {
        var record = RecordCodec.Decode(entry.Body);
        var item = new LogItem(record, At(entry));
        Recent.Add(item, entry.Body.Length);
        switch (record.Kind)
        {
            case RecordKind.Join:
                _audience.Join(record.Target, record.Group);
                break;
            case RecordKind.Leave:
                _audience.Leave(record.Target, record.Group);
                break;
            case RecordKind.Invoke when _audience.Has(record.Target):
                _calls.TakeOver(record);
                Deliver(item);
                break;
            case RecordKind.Replaced:
                if (_audience.Replace(record.Target, record.User))
                    _metrics.Dropped(_stream, DropReason.Replaced);
                break;
            case RecordKind.Invoke or RecordKind.InvokeProbe or RecordKind.InvokeCancel:
                _calls.Read(record);
                break;
            case RecordKind.InvokeAccepted or RecordKind.InvokeResult:
                if (record.OnlyOn == _replicaId)
                    _calls.Read(record);
                break;
            case RecordKind.All or RecordKind.Group or RecordKind.User or RecordKind.Connection:
                if (record.OnlyOn.Length == 0 || record.OnlyOn == _replicaId)
                    Deliver(item);
                break;
            default:
                _metrics.Skipped(_stream, "unknown");
                break;
        }
    }

    private LogCursor At(LogEntry entry) => _at with { Offset = entry.Offset, Tag = RecordCodec.TagOf(entry.Body) };

    private void Deliver(LogItem item)
    {
        var delivered = 0;
        var since = item.Record.TraceContext is null ? default : _time.GetUtcNow();
        foreach (var pump in _audience.Of(item.Record))
        {
            if (item.Cursor.Offset <= pump.Start.Offset || IsExcluded(pump, item.Record.Excluded))
                continue;
            if (!pump.Deliver(item.Message))
                _metrics.Dropped(_stream, DropReason.Slow);
            delivered++;
        }

        if (delivered == 0)
            return;
        _metrics.Delivered(_stream, delivered);
        _metrics.HandedOut(_stream, _time.GetUtcNow() - item.Record.Time);
        if (item.Record.TraceContext is not null)
            BackplaneTracing.Delivered(_stream, item, delivered, since);
    }

    private static bool IsExcluded(ConnectionPump pump, IReadOnlyList<string> excluded) =>
        excluded.Count > 0 && (excluded.Contains(pump.ConnectionId) || (pump.Previous.Length > 0 && excluded.Contains(pump.Previous)));

    /// <summary>A position that other threads may read while the dispatcher moves on.</summary>
    private sealed record LogPositionSnapshot(LogCursor Cursor);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Record {Offset} of stream {Stream} cannot be read and is skipped.", EventName = "UnreadableRecord")]
        public static partial void UnreadableRecord(ILogger logger, string stream, long offset, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Count} connections of stream {Stream} were dropped: {Reason}.", EventName = "DroppedAll")]
        public static partial void DroppedAll(ILogger logger, string stream, int count, string reason);

        [LoggerMessage(3, LogLevel.Error, "A step of the dispatcher of stream {Stream} failed.", EventName = "StepFailed")]
        public static partial void StepFailed(ILogger logger, string stream, Exception exception);
    }
}

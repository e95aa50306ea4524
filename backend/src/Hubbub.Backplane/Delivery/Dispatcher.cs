using System.Threading.Channels;
using Hubbub.Backplane.ClientResults;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Reading;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// Takes the records of a stream in order and hands each to the connections of this replica that it is for. One loop does everything here,
/// one step after the other: records, connections that come and go, groups they enter and leave. So nothing needs a lock, and
/// "before" and "after" have one meaning.
/// </summary>
internal sealed partial class Dispatcher : ILogListener, IAsyncDisposable
{
    /// <summary>So many batches may wait; then the reader waits. The store keeps what is not read yet.</summary>
    private const int MaxWaitingBatches = 4;

    private readonly string _stream;
    private readonly string _replicaId;
    private readonly ClientCalls _calls;
    private readonly ILogger _logger;
    private readonly Channel<Action> _steps = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _batchSlots = new(MaxWaitingBatches, MaxWaitingBatches);
    private readonly LocalAudience _audience = new();
    private readonly PriorityQueue<Action, (long Fence, long Order)> _fenced = new();
    private readonly Task _running;
    private string _epoch = "";
    private long _position;
    private long _order;
    private volatile string _cursor = "";

    public Dispatcher(string stream, string replicaId, ClientCalls calls, ILogger logger)
    {
        _stream = stream;
        _replicaId = replicaId;
        _calls = calls;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>The cursor of the last record handed out; empty before the first start.</summary>
    public string Cursor => _cursor;

    /// <summary>Completes when the connection gets every record from here on.</summary>
    public Task AddAsync(ConnectionPump pump)
    {
        var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isPosted = Post(() =>
        {
            _audience.Add(pump);
            added.SetResult();
        });
        return isPosted ? added.Task : Task.FromException(new BackplaneUnavailableException("The backplane is stopping."));
    }

    public void Remove(ConnectionPump pump) => Post(() => _audience.Remove(pump));

    /// <summary>Puts a connection of this replica into a group, for all records after <paramref name="fence"/>.</summary>
    public void Join(string connectionId, string group, long fence) =>
        Post(() => AtFence(fence, () => _audience.Join(connectionId, group)));

    /// <summary>Takes a connection of this replica out of a group, for all records after <paramref name="fence"/>.</summary>
    public void Leave(string connectionId, string group, long fence) =>
        Post(() => AtFence(fence, () => _audience.Leave(connectionId, group)));

    /// <summary>Hands a message that stands in no log to a connection of this replica, after all records up to <paramref name="fence"/>.</summary>
    public void Deliver(ConnectionPump pump, DeliverableMessage message, long fence) =>
        Post(() => AtFence(fence, () => pump.Deliver(message)));

    ValueTask ILogListener.StartAsync(string epoch, long position)
    {
        Post(() =>
        {
            // Fences of another epoch mean nothing here, and no record they waited for will come.
            while (_fenced.TryDequeue(out var change, out _))
                change();
            _epoch = epoch;
            MoveTo(position);
        });
        return ValueTask.CompletedTask;
    }

    async ValueTask ILogListener.ReadAsync(IReadOnlyList<LogEntry> entries)
    {
        await _batchSlots.WaitAsync();
        Post(() =>
        {
            _batchSlots.Release();
            foreach (var entry in entries)
                Dispatch(entry);
            MoveTo(entries[^1].Offset);
        });
    }

    ValueTask ILogListener.LostAsync(string reason)
    {
        Post(() =>
        {
            var dropped = _audience.DropAll();
            Log.DroppedAll(_logger, _stream, dropped, reason);
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _steps.Writer.TryComplete();
        await _running;
        _batchSlots.Dispose();
    }

    private bool Post(Action step) => _steps.Writer.TryWrite(step);

    private async Task RunAsync()
    {
        await foreach (var step in _steps.Reader.ReadAllAsync())
        {
            try
            {
                step();
            }
#pragma warning disable CA1031 // The loop must go on; what failed is in the log with its stack.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.StepFailed(_logger, _stream, e);
            }
        }
    }

    private void MoveTo(long position)
    {
        _position = position;
        ApplyFenced(position);
        _cursor = new LogCursor(_epoch, position).ToString();
    }

    /// <summary>
    /// Makes a change of groups exactly between the records up to the fence and those after it: a message that this replica had sent before the
    /// change still goes by the old groups, even if it is not read yet.
    /// </summary>
    private void AtFence(long fence, Action change)
    {
        if (fence <= _position)
            change();
        else
            _fenced.Enqueue(change, (fence, ++_order));
    }

    private void ApplyFenced(long position)
    {
        while (_fenced.TryPeek(out _, out var at) && at.Fence <= position)
            _fenced.Dequeue()();
    }

    private void Dispatch(LogEntry entry)
    {
        ApplyFenced(entry.Offset - 1);
        LogRecord record;
        try
        {
            record = RecordCodec.Decode(entry.Body);
        }
        catch (InvalidDataException e)
        {
            // A record that cannot be read must not stop those behind it.
            Log.UnreadableRecord(_logger, _stream, entry.Offset, e);
            return;
        }

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
                Deliver(record, entry.Offset);
                break;
            case RecordKind.Invoke or RecordKind.InvokeProbe or RecordKind.InvokeCancel:
                _calls.Read(record);
                break;
            case RecordKind.InvokeAccepted or RecordKind.InvokeResult:
                if (record.OnlyOn == _replicaId)
                    _calls.Read(record);
                break;
            default:
                if (record.OnlyOn.Length == 0 || record.OnlyOn == _replicaId)
                    Deliver(record, entry.Offset);
                break;
        }
    }

    private void Deliver(LogRecord record, long offset)
    {
        DeliverableMessage? message = null;
        foreach (var pump in _audience.Of(record))
        {
            if (record.Excluded.Count > 0 && record.Excluded.Contains(pump.ConnectionId, StringComparer.Ordinal))
                continue;
            message ??= new DeliverableMessage(record, new LogCursor(_epoch, offset));
            pump.Deliver(message);
        }
    }

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

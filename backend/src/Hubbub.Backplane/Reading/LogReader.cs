using System.Diagnostics;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Reading;

/// <summary>
/// Reads one stream from its end onwards, woken by a doorbell and by a poll that is always on, and checks that what it hands on is without a
/// hole: same epoch, consecutive offsets. One per stream and replica.
/// </summary>
internal sealed partial class LogReader : IAsyncDisposable
{
    /// <summary>How long a replica waits for the doorbell to bring its own records before it reads them.</summary>
    private static readonly TimeSpan DoorbellGrace = TimeSpan.FromMilliseconds(20);

    private readonly string _stream;
    private readonly string _task;
    private readonly IMessageLog _log;
    private readonly BackplaneOptions _options;
    private readonly BackplaneStatus _status;
    private readonly BackplaneMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ILogListener _listener;
    private readonly Action<string> _epochBegun;
    private readonly NoticeInbox _notices = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private string _epoch = "";
    private long _position;
    private long _expected;

    public LogReader(
        string stream,
        IMessageLog log,
        BackplaneOptions options,
        BackplaneStatus status,
        BackplaneMetrics metrics,
        TimeProvider time,
        ILogger logger,
        ILogListener listener,
        Action<string> epochBegun)
    {
        _stream = stream;
        _task = $"read stream {stream}";
        _log = log;
        _options = options;
        _status = status;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _listener = listener;
        _epochBegun = epochBegun;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Completes when the reader has found its position. Nothing appended after that is missed.</summary>
    public Task Opened => _opened.Task;

    /// <summary>
    /// Says that this replica has made the log go up to this tail. The store's doorbell is about to say the same, perhaps with the records, and is
    /// given a moment for it before the store is asked.
    /// </summary>
    public void Expect(long tail)
    {
        Volatile.Write(ref _expected, tail);
        _notices.Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _opened.TrySetCanceled();
        _stopping.Dispose();
        _notices.Dispose();
    }

    private async Task RunAsync()
    {
        IDisposable? subscription = null;
        var backOff = new BackOff();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                subscription ??= _log.Subscribe(_stream, _notices.Add);
                if (!_opened.Task.IsCompleted)
                    await OpenAsync();

                var isAtEnd = await ReadOnceAsync();
                _status.Succeeded(this, _task);
                backOff.Reset();
                if (isAtEnd)
                    await ListenAsync();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The reader must outlive whatever a store throws, or the replica is deaf.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _status.Failed(this, _task, e);
                await backOff.WaitAsync(_time, _stopping.Token);
            }
        }

        subscription?.Dispose();
    }

    /// <summary>
    /// Hands on what notices bring, as long as they leave no doubt; returns when the store is to be asked: somebody says that the log goes on, without its
    /// records or not right behind this reader's position, or the poll's interval is over.
    /// </summary>
    private async Task ListenAsync()
    {
        var since = Stopwatch.GetTimestamp();
        long? expectingSince = null;
        while (true)
        {
            while (_notices.TryTake(out var notice))
            {
                if (!await TryHandOnAsync(notice))
                    return;
            }

            expectingSince = Volatile.Read(ref _expected) > _position ? expectingSince ?? Stopwatch.GetTimestamp() : null;
            var rest = _options.PollInterval - Stopwatch.GetElapsedTime(since);
            if (expectingSince is { } start && DoorbellGrace - Stopwatch.GetElapsedTime(start) is var grace && grace < rest)
                rest = grace;
            if (rest <= TimeSpan.Zero)
                return;
            await _notices.WaitAsync(rest, _stopping.Token);
        }
    }

    /// <summary>True if the reader stands where the notice says that the log ends; what it brought for that is handed on.</summary>
    private async Task<bool> TryHandOnAsync(LogNotice notice)
    {
        // One of another life of the stream is for the store to explain; where the notice does not tell, the next poll does.
        if (notice.Tail == 0 || (notice.Epoch.Length > 0 && notice.Epoch != _epoch))
            return false;
        if (notice.Tail <= _position)
            return true;

        var entries = notice.Entries;
        if (notice.Epoch.Length == 0 || entries.Count == 0 || entries[0].Offset > _position + 1)
            return false;

        _metrics.Read(_stream, notice.Tail - _position);
        await _listener.ReadAsync(entries[0].Offset == _position + 1 ? entries : [.. entries.Where(e => e.Offset > _position)]);
        _position = notice.Tail;
        return true;
    }

    private async Task OpenAsync()
    {
        var extent = await _log.OpenAsync(_stream, _stopping.Token);
        (_epoch, _position) = (extent.Epoch, extent.Tail);
        _epochBegun(_epoch);
        await _listener.StartAsync(_epoch, _position);
        _opened.TrySetResult();
    }

    /// <summary>Reads and hands on once. True if there was nothing more to read.</summary>
    private async Task<bool> ReadOnceAsync()
    {
        var slice = await _log.ReadAsync(_stream, _position, _options.MaxReadRecords, _stopping.Token);
        if (slice.Extent.Epoch != _epoch)
        {
            await LoseAsync(slice.Extent, "the store began a new epoch");
            return false;
        }

        if (slice.Extent.Tail < _position)
        {
            // The store is behind what it has shown before: it lost records and would give their offsets to others.
            await LoseAsync(await _log.ReplaceEpochAsync(_stream, _epoch, _stopping.Token), "the store lost records");
            return false;
        }

        if (slice.Entries.Count == 0)
            return true;

        if (slice.Entries[0].Offset != _position + 1)
        {
            await LoseAsync(slice.Extent, "records were removed before this replica had read them");
            return false;
        }

        _metrics.Read(_stream, slice.Extent.Tail - _position);
        await _listener.ReadAsync(slice.Entries);
        _position = slice.Entries[^1].Offset;
        return _position >= slice.Extent.Tail;
    }

    private async Task LoseAsync(LogExtent extent, string reason)
    {
        Log.Lost(_logger, _stream, _epoch, _position, extent, reason);
        if (extent.Epoch != _epoch)
            _metrics.EpochChanged(_stream);
        Volatile.Write(ref _expected, 0);
        (_epoch, _position) = (extent.Epoch, extent.Tail);
        _epochBegun(_epoch);
        await _listener.LostAsync(reason, _epoch, _position);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Stream {Stream} has a hole after {Epoch}.{Position}, it stands at {Extent} now: {Reason}.", EventName = "Lost")]
        public static partial void Lost(ILogger logger, string stream, string epoch, long position, LogExtent extent, string reason);
    }
}

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
    private readonly string _stream;
    private readonly IMessageLog _log;
    private readonly BackplaneOptions _options;
    private readonly BackplaneStatus _status;
    private readonly BackplaneMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ILogListener _listener;
    private readonly Doorbell _doorbell = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private string _epoch = "";
    private long _position;

    public LogReader(
        string stream,
        IMessageLog log,
        BackplaneOptions options,
        BackplaneStatus status,
        BackplaneMetrics metrics,
        TimeProvider time,
        ILogger logger,
        ILogListener listener)
    {
        _stream = stream;
        _log = log;
        _options = options;
        _status = status;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _listener = listener;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Completes when the reader has found its position. Nothing appended after that is missed.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Says that there may be something to read.</summary>
    public void Ring() => _doorbell.Ring();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _opened.TrySetCanceled();
        _stopping.Dispose();
        _doorbell.Dispose();
    }

    private async Task RunAsync()
    {
        using var subscription = _log.Subscribe(_stream, Ring);
        var backOff = new BackOff();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (!_opened.Task.IsCompleted)
                    await OpenAsync();

                var isAtEnd = await ReadOnceAsync();
                if (_status.Succeeded(this))
                    Log.StoreBack(_logger, _stream);
                backOff.Reset();
                if (isAtEnd)
                    await _doorbell.WaitAsync(_options.PollInterval, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The reader must outlive whatever a store throws, or the replica is deaf.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_status.Failed(this, e))
                    Log.StoreAway(_logger, _stream, e);
                await backOff.WaitAsync(_time, _stopping.Token);
            }
        }
    }

    private async Task OpenAsync()
    {
        var extent = await _log.OpenAsync(_stream, _stopping.Token);
        (_epoch, _position) = (extent.Epoch, extent.Tail);
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
        (_epoch, _position) = (extent.Epoch, extent.Tail);
        await _listener.LostAsync(reason, _epoch, _position);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The store of stream {Stream} cannot be read; trying again.", EventName = "StoreAway")]
        public static partial void StoreAway(ILogger logger, string stream, Exception exception);

        [LoggerMessage(2, LogLevel.Information, "The store of stream {Stream} can be read again.", EventName = "StoreBack")]
        public static partial void StoreBack(ILogger logger, string stream);

        [LoggerMessage(3, LogLevel.Error, "Stream {Stream} has a hole after {Epoch}.{Position}, it stands at {Extent} now: {Reason}.", EventName = "Lost")]
        public static partial void Lost(ILogger logger, string stream, string epoch, long position, LogExtent extent, string reason);
    }
}

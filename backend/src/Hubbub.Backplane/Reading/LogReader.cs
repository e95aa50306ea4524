using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Reading;

/// <summary>
/// Reads one stream from its end onwards, woken by notifications and by a poll that is always on, and checks that what it hands on is without a
/// hole: same epoch, consecutive offsets, and behind a restarted server the same records as before. One per stream and replica.
/// </summary>
internal sealed partial class LogReader : IAsyncDisposable
{
    /// <summary>How long a replica waits for a notification to bring its own records before it reads them.</summary>
    private static readonly TimeSpan NotificationGrace = TimeSpan.FromMilliseconds(20);

    /// <summary>A loss so long after the one before is taken for the first one.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMinutes(1);

    private readonly string _stream;
    private readonly string _task;
    private readonly IMessageLog _log;
    private readonly BackplaneOptions _options;
    private readonly BackplaneStatus _status;
    private readonly BackplaneMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ILogListener _listener;
    private readonly StreamLife _life;
    private readonly Action<string> _epochBegun;
    private readonly BackOff _losses = new(longest: TimeSpan.FromSeconds(10));
    private readonly NoticeInbox _notices = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private LogCursor _position = new("", 0);
    private long _expected;
    private long? _lostAt;
    private bool _wasAway;

    public LogReader(
        string stream,
        IMessageLog log,
        BackplaneOptions options,
        BackplaneStatus status,
        BackplaneMetrics metrics,
        TimeProvider time,
        ILogger logger,
        ILogListener listener,
        StreamLife life,
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
        _life = life;
        _epochBegun = epochBegun;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Completes when the reader has found its position. Nothing appended after that is missed.</summary>
    public Task Opened => _opened.Task;

    /// <summary>
    /// Says that this replica has made the log go up to this tail. The store's notification is about to say the same, perhaps with the
    /// records, and is given a moment for it before the store is asked.
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
                _wasAway = true;
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
        var since = _time.GetTimestamp();
        long? expectingSince = null;
        while (true)
        {
            while (_notices.TryTake(out var notice))
            {
                if (!await TryHandOnAsync(notice))
                    return;
            }

            expectingSince = Volatile.Read(ref _expected) > _position.Offset ? expectingSince ?? _time.GetTimestamp() : null;
            var rest = _options.PollInterval - _time.GetElapsedTime(since);
            if (expectingSince is { } start && NotificationGrace - _time.GetElapsedTime(start) is var grace && grace < rest)
                rest = grace;
            if (rest <= TimeSpan.Zero)
                return;
            await _notices.WaitAsync(rest, _stopping.Token);
        }
    }

    /// <summary>True if the reader stands where the notice says that the log ends; what it brought for that is handed on.</summary>
    private async Task<bool> TryHandOnAsync(LogNotice notice)
    {
        // One of another epoch or server process is for the store to explain; where the notice does not tell, the next poll does.
        if (notice.Tail == 0 || (notice.Epoch.Length > 0 && (notice.Epoch != _position.Epoch || notice.Incarnation != _life.Incarnation)))
            return false;
        if (notice.Tail <= _position.Offset)
            return true;

        var entries = notice.Entries;
        if (notice.Epoch.Length == 0 || entries.Count == 0 || entries[0].Offset > _position.Offset + 1)
            return false;

        await HandOnAsync(
            entries[0].Offset == _position.Offset + 1 ? entries : [.. entries.Where(e => e.Offset > _position.Offset)], notice.Tail, notice.Incarnation);
        return true;
    }

    private async Task HandOnAsync(IReadOnlyList<LogEntry> entries, long tail, string incarnation)
    {
        _metrics.Read(_stream, tail - _position.Offset);
        await _listener.ReadAsync(entries);
        var last = entries[^1];
        _position = _position with { Offset = last.Offset, Tag = RecordCodec.TagOf(last.Body) };
        _life.Read(_position, incarnation);
    }

    private async Task OpenAsync()
    {
        await BeginAsync(await _log.OpenAsync(_stream, _stopping.Token));
        await _listener.StartAsync(_position);
        _opened.TrySetResult();
    }

    /// <summary>Goes to the end of the log, which is here, or further on by now.</summary>
    private async Task BeginAsync(LogExtent extent)
    {
        // The last record always stays, so there is one whose tag tells later whether this is still the same log.
        var slice = await _log.ReadAsync(_stream, Math.Max(extent.Tail - 1, 0), 1, _stopping.Token);
        while (slice.Entries is [var entry] && entry.Offset < slice.Extent.Tail)
            slice = await _log.ReadAsync(_stream, slice.Extent.Tail - 1, 1, _stopping.Token);

        _position = new LogCursor(slice.Extent.Epoch, slice.Extent.Tail, slice.Entries is [var last] ? RecordCodec.TagOf(last.Body) : null);
        _life.Begin(_position, slice.Extent.Incarnation);
        _epochBegun(_position.Epoch);
    }

    /// <summary>Reads and hands on once. True if there was nothing more to read.</summary>
    private async Task<bool> ReadOnceAsync()
    {
        var slice = await _log.ReadAsync(_stream, _position.Offset, _options.MaxReadRecords, _stopping.Token);
        var extent = slice.Extent;
        if (extent.Epoch != _position.Epoch)
        {
            await LoseAsync(extent, "the store began a new epoch");
            return false;
        }

        if (extent.Tail < _position.Offset || extent.Incarnation != _life.Incarnation || (_wasAway && extent.Incarnation.Length == 0))
        {
            // A store that is behind what it has shown before has lost records, and a restarted one may have.
            extent = await _life.VerifyAsync(extent, _stopping.Token);
            _wasAway = false;
            if (extent.Epoch != _position.Epoch)
                await LoseAsync(extent, "the store lost records");
            else if (_position.Tag is not null && extent.First > _position.Offset)
                await LoseAsync(extent, "records were removed before this replica could compare them");
            return false;
        }

        if (slice.Entries.Count == 0)
            return true;

        if (slice.Entries[0].Offset != _position.Offset + 1)
        {
            await LoseAsync(extent, "records were removed before this replica had read them");
            return false;
        }

        await HandOnAsync(slice.Entries, extent.Tail, extent.Incarnation);
        return _position.Offset >= extent.Tail;
    }

    private async Task LoseAsync(LogExtent extent, string reason)
    {
        // A store that keeps losing, such as one that evicts, is not asked and written about as fast as it answers.
        if (_lostAt is { } last && _time.GetElapsedTime(last) < QuietTime)
            await _losses.WaitAsync(_time, _stopping.Token);
        else
            _losses.Reset();
        _stopping.Token.ThrowIfCancellationRequested();
        _lostAt = _time.GetTimestamp();

        var before = _position;
        await BeginAsync(extent);
        Log.Lost(_logger, _stream, before.ToString(), _position.ToString(), reason);
        if (_position.Epoch != before.Epoch)
            _metrics.EpochChanged(_stream);
        Volatile.Write(ref _expected, 0);
        await _listener.LostAsync(reason, _position);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Stream {Stream} has a hole after {Before}, reading goes on behind {Position}: {Reason}.", EventName = "Lost")]
        public static partial void Lost(ILogger logger, string stream, string before, string position, string reason);
    }
}

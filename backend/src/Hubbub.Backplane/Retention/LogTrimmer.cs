using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Retention;

/// <summary>
/// Removes records that are too old or too many, now and then. Every replica does it, with jitter: trimming is idempotent, so no leader is
/// needed.
/// </summary>
internal sealed partial class LogTrimmer : IAsyncDisposable
{
    private readonly string _stream;
    private readonly IMessageLog _log;
    private readonly BackplaneOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public LogTrimmer(string stream, IMessageLog log, BackplaneOptions options, TimeProvider time, ILogger logger)
    {
        _stream = stream;
        _log = log;
        _options = options;
        _time = time;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    /// <summary>Removes what is due.</summary>
    internal static async Task TrimAsync(
        IMessageLog log, string stream, BackplaneOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var extent = await log.OpenAsync(stream, cancellationToken);
        var tooMany = extent.Tail - options.MaxRetainedRecords;
        var tooOld = await LastBeforeAsync(log, stream, extent, now - options.Retention, cancellationToken);
        var upTo = Math.Max(tooMany, tooOld);
        if (upTo >= extent.First)
            await log.TrimAsync(stream, upTo, cancellationToken);
    }

    /// <summary>
    /// The last offset whose record was made before <paramref name="time"/>, by bisection. Replicas' clocks differ, so times rise only
    /// roughly with offsets: good enough for deciding how long records stay. One that tells no time is taken for young: it may keep others a
    /// little longer, but takes none with it.
    /// </summary>
    private static async Task<long> LastBeforeAsync(
        IMessageLog log, string stream, LogExtent extent, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var before = extent.First - 1;
        var after = extent.Tail + 1;
        while (after - before > 1)
        {
            var middle = before + (after - before) / 2;
            var slice = await log.ReadAsync(stream, middle - 1, 1, cancellationToken);
            if (slice.Entries is [var entry] && entry.Offset == middle && (RecordCodec.TimeOf(entry.Body) ?? time) >= time)
                after = middle;
            else
                before = middle;
        }

        return before;
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
#pragma warning disable CA5394 // Jitter need not be unpredictable.
            var wait = _options.TrimInterval * (0.75 + Random.Shared.NextDouble() / 2);
#pragma warning restore CA5394
            await Task.Delay(wait, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!_stopping.IsCancellationRequested)
                    await TrimAsync(_log, _stream, _options, _time.GetUtcNow(), _stopping.Token);
            }
            catch (MessageLogUnavailableException e)
            {
                // The readers report the outage.
                Log.TrimPostponed(_logger, _stream, e);
            }
#pragma warning disable CA1031 // The next round tries again, whatever it was.
            catch (Exception e) when (!_stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.TrimFailed(_logger, _stream, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Old records of stream {Stream} could not be removed; the next round tries again.", EventName = "TrimFailed")]
        public static partial void TrimFailed(ILogger logger, string stream, Exception exception);

        [LoggerMessage(2, LogLevel.Debug, "Old records of stream {Stream} stay: the store is away.", EventName = "TrimPostponed")]
        public static partial void TrimPostponed(ILogger logger, string stream, Exception exception);
    }
}

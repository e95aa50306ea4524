using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>
/// Listens to the channel of a stream. StackExchange.Redis subscribes again after each loss of its connection; each time that the server has
/// confirmed it, the listener is told that there may be something, since what was published before is lost.
/// </summary>
/// <remarks>
/// Messages come through a queue and not through StackExchange's plain handlers: those run each as a work item of its own, so two of them may
/// change places.
/// </remarks>
internal sealed partial class RedisSubscription : IDisposable
{
    private readonly RedisConnection _connection;
    private readonly RedisChannel _channel;
    private readonly Action<LogNotice> _notify;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private ISubscriber? _subscriber;

    public RedisSubscription(
        RedisConnection connection, string channel, Action<LogNotice> notify, TimeSpan timeout, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _channel = RedisChannel.Literal(channel);
        _notify = notify;
        _timeout = timeout;
        _time = time;
        _logger = logger;
        _ = RunAsync(_stop.Token);
    }

    public void Dispose() => _stop.Cancel();

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            var multiplexer = await ConnectAsync(stop);
            _subscriber = multiplexer.GetSubscriber();

            // Without waiting for the answer it is registered even while the server is away, and asked for when it is back.
            var queue = await _subscriber.SubscribeAsync(_channel, CommandFlags.FireAndForget);
            queue.OnMessage(message => Notify(RedisNotice.Read(message.Message)));
            _connection.Restored += OnRestored;
            await ConfirmAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _connection.Restored -= OnRestored;
            await queue.UnsubscribeAsync(CommandFlags.FireAndForget);
        }
        catch (Exception e) when (stop.IsCancellationRequested || e is ObjectDisposedException)
        {
            // The log is being disposed.
        }
    }

    private async Task<IConnectionMultiplexer> ConnectAsync(CancellationToken stop)
    {
        var delay = new ReconnectDelay();
        while (true)
        {
            try
            {
                return await _connection.GetAsync(stop);
            }
            catch (MessageLogUnavailableException)
            {
                // It is in the log already, and the readers' poll goes on meanwhile.
                await Task.Delay(delay.Next(), _time, stop);
            }
        }
    }

    private void OnRestored(object? sender, EventArgs e) => _ = ConfirmAsync();

    /// <summary>The answer to a ping comes after that to the subscription, which was sent before it over the same connection.</summary>
    private async Task ConfirmAsync()
    {
        try
        {
            await _subscriber!.PingAsync().WaitAsync(_timeout, _time, _stop.Token);
            if (_subscriber.SubscribedEndpoint(_channel) is null)
                Log.NotSubscribed(_logger, _channel.ToString());
            Notify(LogNotice.Unknown);
        }
        catch (Exception e) when (RedisFailure.IsOfConnection(e) || e is RedisException or TimeoutException or OperationCanceledException)
        {
            // The connection is lost again, and the next one is confirmed in its turn.
        }
    }

    private void Notify(LogNotice notice)
    {
        try
        {
            lock (_gate)
            {
                if (!_stop.IsCancellationRequested)
                    _notify(notice);
            }
        }
        catch (Exception e)
        {
            // A subscriber's mistake must not end the queue of the channel.
            Log.NotifyFailed(_logger, e, _channel.ToString());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Redis has not confirmed the subscription to {Channel}; readers poll until it does", EventName = "RedisNotSubscribed")]
        public static partial void NotSubscribed(ILogger logger, string channel);

        [LoggerMessage(2, LogLevel.Error, "A subscriber of {Channel} failed", EventName = "RedisNotifyFailed")]
        public static partial void NotifyFailed(ILogger logger, Exception exception, string channel);
    }
}

using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>Keeps one connection for commands, made when first needed and again, not too often, when it is lost.</summary>
internal sealed partial class RespClient(RedisLogOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ReconnectDelay _delay = new();
    private readonly CancellationTokenSource _stop = new();
    private RespConnection? _connection;
    private Task<RespConnection>? _connecting;
    private bool _hasFailed;

    /// <summary>The open connection, or the next one; waits no longer than the connect time-out.</summary>
    /// <exception cref="MessageLogUnavailableException">There is none.</exception>
    public async ValueTask<RespConnection> GetConnectionAsync(CancellationToken cancellationToken)
    {
        Task<RespConnection> connecting;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (_connection is { IsOpen: true } open)
                return open;
            connecting = _connecting ??= StartConnecting();
        }

        try
        {
            // The attempt belongs to all callers, so it goes on when this one is cancelled.
            return await connecting.WaitAsync(options.ConnectTimeout, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new MessageLogUnavailableException($"No connection to Redis within {options.ConnectTimeout}.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MessageLogUnavailableException("The Redis client is being disposed.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<RespConnection>? connecting;
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            connecting = _connecting;
        }

        if (connecting is not null)
            await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_connection is not null)
            await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private Task<RespConnection> StartConnecting()
    {
        var connecting = Task.Run(ConnectAsync, CancellationToken.None);

        // All callers may be cancelled meanwhile; it has logged its failure itself.
        _ = connecting.ContinueWith(
            static task => task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return connecting;
    }

    private async Task<RespConnection> ConnectAsync()
    {
        try
        {
            if (_hasFailed)
                await Task.Delay(_delay.Next(), time, _stop.Token);
            var transport = await RespTransport.ConnectAsync(options, time, _stop.Token);
            var connection = new RespConnection(transport, options.MaxInFlight, time);
            Log.Connected(logger, options.Host, options.Port);
            lock (_gate)
            {
                _connection = connection;
                _connecting = null;
                _hasFailed = false;
                _delay.Reset();
            }

            return connection;
        }
        catch (Exception e)
        {
            if (!_stop.IsCancellationRequested)
                Log.ConnectFailed(logger, e);
            lock (_gate)
            {
                _connecting = null;
                _hasFailed = true;
            }

            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Connected to Redis at {Host}:{Port}", EventName = "RedisConnected")]
        public static partial void Connected(ILogger logger, string host, int port);

        [LoggerMessage(2, LogLevel.Debug, "Connecting to Redis failed", EventName = "RedisConnectFailed")]
        public static partial void ConnectFailed(ILogger logger, Exception exception);
    }
}

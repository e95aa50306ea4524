using System.Net.Sockets;
using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>
/// The connection to Redis: one of our own, made when it is first needed, or one that somebody else has made and disposes. StackExchange.Redis
/// makes it again when it is lost; a command that cannot be sent at once fails, so that the callers' own budgets hold.
/// </summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);

    private const int KeepAliveSeconds = 10;
    private const int RoleCheckSeconds = 2;

    private readonly RedisLogOptions _options;
    private readonly IConnectionMultiplexer? _given;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly EvictionCheck _eviction;
    private volatile IConnectionMultiplexer? _multiplexer;
    private Task<IConnectionMultiplexer>? _connecting;
    private int _generation;
    private bool _isDisposed;

    /// <param name="options">How to connect.</param>
    /// <param name="given">A connection to use instead of one of our own, where the options name none. It is not disposed.</param>
    /// <param name="time">The clock of waits.</param>
    /// <param name="logger">Where connections are noted.</param>
    public RedisConnection(RedisLogOptions options, IConnectionMultiplexer? given, TimeProvider time, ILogger logger)
    {
        _options = options;
        _given = options.Configuration is null && options.ConnectionFactory is null ? given : null;
        _time = time;
        _logger = logger;
        _eviction = new EvictionCheck(logger);
    }

    /// <summary>Raised when a connection stands again; subscriptions have been asked for by then.</summary>
    public event EventHandler? Restored;

    /// <summary>Rises when the connections are given up.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>What StackExchange.Redis puts before the names of channels that it subscribes to, so that scripts publish to the same.</summary>
    public string ChannelPrefix { get; private set; } = "";

    /// <summary>The connection, which may have lost its server; the first call waits until it is made, no longer than a command may take.</summary>
    /// <exception cref="MessageLogUnavailableException">It could not be made.</exception>
    public ValueTask<IConnectionMultiplexer> GetAsync(CancellationToken cancellationToken) =>
        _multiplexer is { } ready ? ValueTask.FromResult(ready) : ConnectAsync(cancellationToken);

    /// <summary>
    /// Closes the sockets that were open when <see cref="Generation"/> was read, so that others are opened. Those of a connection that is not
    /// our own are left to its owner's settings.
    /// </summary>
    public void GiveUp(int generation)
    {
        Socket[] sockets;
        lock (_gate)
        {
            if (generation != _generation)
                return;
            _generation++;
            sockets = [.. _sockets];
            _sockets.Clear();
        }

        foreach (var socket in sockets)
            socket.Dispose();
    }

    /// <summary>What to throw for a failure of the connection, with the reason at the bottom of it.</summary>
    public MessageLogUnavailableException Unavailable(Exception failure)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var cause = failure.GetBaseException().Message;
        var reason = failure.Message.Contains(cause, StringComparison.Ordinal) ? failure.Message : $"{failure.Message} ({cause})";
        return new MessageLogUnavailableException("Redis is not available: " + reason, failure);
    }

    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? connecting;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            connecting = _connecting;
        }

        if (connecting is null)
            return;
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_multiplexer is not { } multiplexer)
            return;
        multiplexer.ConnectionFailed -= OnFailed;
        multiplexer.ConnectionRestored -= OnRestored;
        _multiplexer = null;
        if (_given is null)
            await multiplexer.DisposeAsync();
    }

    private async ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        Task<IConnectionMultiplexer> connecting;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // The attempt belongs to all callers, so it goes on when one of them is cancelled.
            if (_connecting is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                _connecting = Task.Run(MakeAsync, CancellationToken.None);
            connecting = _connecting;
        }

        try
        {
            return await connecting.WaitAsync(_options.CommandTimeout, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new MessageLogUnavailableException($"There is no connection to Redis after {_options.CommandTimeout}.", e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Unavailable(e);
        }
    }

    private async Task<IConnectionMultiplexer> MakeAsync()
    {
        try
        {
            var multiplexer = _given
                ?? (_options.ConnectionFactory is { } make ? await make() : await ConnectionMultiplexer.ConnectAsync(Own(_options.Configuration!)));
            ChannelPrefix = (string?)ConfigurationOptions.Parse(multiplexer.Configuration).ChannelPrefix ?? "";
            multiplexer.ConnectionFailed += OnFailed;
            multiplexer.ConnectionRestored += OnRestored;
            _multiplexer = multiplexer;
            if (multiplexer.IsConnected)
                OnConnected();
            return multiplexer;
        }
        catch (Exception e)
        {
            Log.ConnectFailed(_logger, e);
            throw;
        }
    }

    /// <summary>The settings that the log relies on, over those of the application.</summary>
    private ConfigurationOptions Own(ConfigurationOptions given)
    {
        var options = given.Clone();
        options.AbortOnConnectFail = false;

        // What cannot be sent now is not sent later: the caller repeats it, as often as its budget allows.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.AsyncTimeout = (int)_options.CommandTimeout.TotalMilliseconds;
        options.HeartbeatInterval = Heartbeat;
        options.ReconnectRetryPolicy = new ExponentialRetry(100, 2_000);

        // A replica that becomes a primary without a loss of the connection is found by asking for its role.
        options.ConfigCheckSeconds = Math.Min(options.ConfigCheckSeconds, RoleCheckSeconds);
        options.KeepAlive = options.KeepAlive > 0 ? options.KeepAlive : KeepAliveSeconds;
        options.IncludeDetailInExceptions = false;

        // A notification and the answer to the append that it is about arrive in one piece.
        options.Protocol ??= RedisProtocol.Resp3;
        options.SharedSubscriptionConnection = true;

        // They cost keys, channels and commands that an ACL would have to allow, and serve others.
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        options.SetClientLibrary = false;
        var before = options.BeforeSocketConnect;
        options.BeforeSocketConnect = (endpoint, type, socket) =>
        {
            before?.Invoke(endpoint, type, socket);
            lock (_gate)
            {
                _sockets.RemoveAll(old => old.SafeHandle.IsClosed);
                _sockets.Add(socket);
            }
        };
        return options;
    }

    private void OnFailed(object? sender, ConnectionFailedEventArgs e)
    {
        if (!_isDisposed)
            Log.Lost(_logger, e.EndPoint, e.FailureType, e.Exception);
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs e)
    {
        Log.Connected(_logger, e.EndPoint);
        OnConnected();
        Restored?.Invoke(this, EventArgs.Empty);
    }

    private void OnConnected()
    {
        if (_multiplexer is { } multiplexer)
            _ = _eviction.RunAsync(multiplexer);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Connected to Redis at {EndPoint}", EventName = "RedisConnected")]
        public static partial void Connected(ILogger logger, System.Net.EndPoint? endPoint);

        [LoggerMessage(2, LogLevel.Debug, "Connecting to Redis failed", EventName = "RedisConnectFailed")]
        public static partial void ConnectFailed(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Information, "The connection to Redis at {EndPoint} is lost ({FailureType}); it is made again", EventName = "RedisLost")]
        public static partial void Lost(ILogger logger, System.Net.EndPoint? endPoint, ConnectionFailureType failureType, Exception? exception);
    }
}

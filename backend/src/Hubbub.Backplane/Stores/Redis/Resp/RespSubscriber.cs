using System.Runtime.CompilerServices;
using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>
/// One connection for all subscriptions. It makes the server's list of channels equal to what callers want, again after each connect,
/// and rings a channel when the server confirms it: what was published before that is lost.
/// </summary>
internal sealed partial class RespSubscriber : IAsyncDisposable
{
    private readonly RedisLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Doorbells<ReadOnlyMemory<byte>> _bells;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Lock _gate = new();
    private Task? _running;

    public RespSubscriber(RedisLogOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _bells = new Doorbells<ReadOnlyMemory<byte>>(logger);
    }

    public IDisposable Subscribe(string channel, Action<ReadOnlyMemory<byte>> ring)
    {
        var bell = _bells.Add(channel, ring, removed: NoteChange);
        NoteChange();
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested)
                _running ??= Task.Run(RunAsync);
        }

        return bell;
    }

    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            running = _running;
        }

        if (running is not null)
            await running;
    }

    private void NoteChange()
    {
        // Wakes the asker. One is enough, and a second from a race does no harm.
        if (_changed.CurrentCount == 0)
            _changed.Release();
    }

    private async Task RunAsync()
    {
        var delay = new ReconnectDelay();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var transport = await RespTransport.ConnectAsync(_options, _time, _stop.Token);
                Log.Connected(_logger);
                await ServeAsync(transport, delay);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, the tail poll of the readers goes on meanwhile.
                var wait = delay.Next();
                Log.Lost(_logger, e, wait.TotalMilliseconds);
                await Task.Delay(wait, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Returns never, but throws when the connection is lost or the subscriber is disposed.</summary>
    private async Task ServeAsync(RespTransport transport, ReconnectDelay delay)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var heard = new StrongBox<long>(_time.GetTimestamp());
        Task[] both = [ListenAsync(transport, heard, delay, end.Token), AskAsync(transport, heard, end.Token)];
        var first = await Task.WhenAny(both);
        await end.CancelAsync();

        // A write that hangs on a full socket takes no token.
        transport.Dispose();
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task ListenAsync(RespTransport transport, StrongBox<long> heard, ReconnectDelay delay, CancellationToken cancellationToken)
    {
        while (true)
        {
            var push = await transport.ReadAsync(cancellationToken);
            Volatile.Write(ref heard.Value, _time.GetTimestamp());
            if (push.Error is { } error)
                throw new RespProtocolException(error);
            switch (push.Kind == RespKind.Array ? push.AsArray() : [push])
            {
                // Without a subscription left a sign of life is a plain reply.
                case [var kind, ..] when kind.AsText() is "pong" or "PONG":
                    NoteChange();
                    break;
                case [var kind, var channel, var message] when kind.AsText() is "message":
                    _bells.Ring(channel.AsText(), message.AsBytes());
                    break;
                case [var kind, var channel, ..] when kind.AsText() is "subscribe":
                    delay.Reset();
                    _bells.Ring(channel.AsText(), ReadOnlyMemory<byte>.Empty);
                    break;
                case [var kind, _, ..] when kind.AsText() is "unsubscribe":
                    break;
                default:
                    throw new RespProtocolException("Redis has sent something other than a message to a subscriber.");
            }
        }
    }

    /// <summary>
    /// Subscribes and unsubscribes as callers change their minds, and asks for a sign of life when the server has been silent.
    /// </summary>
    private async Task AskAsync(RespTransport transport, StrongBox<long> heard, CancellationToken cancellationToken)
    {
        var subscribed = new HashSet<string>(StringComparer.Ordinal);
        long? askedAt = null;
        while (true)
        {
            var heardAt = Volatile.Read(ref heard.Value);
            if (askedAt <= heardAt)
                askedAt = null;

            Reconcile(transport, subscribed);
            if (askedAt is null && _time.GetElapsedTime(heardAt) >= _options.KeepAlive)
            {
                askedAt = _time.GetTimestamp();
                RespWriter.WriteCommand(transport.Output, "PING");
            }

            await transport.Output.FlushAsync(cancellationToken).AsTask().WaitAsync(_options.CommandTimeout, _time, cancellationToken);

            var patience = askedAt is { } asked
                ? _options.CommandTimeout - _time.GetElapsedTime(asked)
                : _options.KeepAlive - _time.GetElapsedTime(heardAt);
            if (patience > TimeSpan.Zero)
                await _changed.WaitAsync(patience, cancellationToken);
            else if (askedAt > Volatile.Read(ref heard.Value))
                throw new MessageLogUnavailableException($"Redis gave no sign of life within {_options.CommandTimeout}.");
        }
    }

    private void Reconcile(RespTransport transport, HashSet<string> subscribed)
    {
        var wanted = _bells.Names;
        foreach (var channel in wanted)
        {
            if (subscribed.Add(channel))
                RespWriter.WriteCommand(transport.Output, "SUBSCRIBE", channel);
        }

        foreach (var channel in subscribed.Except(wanted, StringComparer.Ordinal).ToList())
        {
            subscribed.Remove(channel);
            RespWriter.WriteCommand(transport.Output, "UNSUBSCRIBE", channel);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The doorbell is connected to Redis", EventName = "DoorbellConnected")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(2, LogLevel.Debug, "The doorbell's connection is lost, next attempt in {Milliseconds} ms; readers poll meanwhile", EventName = "DoorbellLost")]
        public static partial void Lost(ILogger logger, Exception exception, double milliseconds);
    }
}

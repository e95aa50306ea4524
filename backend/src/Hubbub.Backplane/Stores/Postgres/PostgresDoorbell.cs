using System.Globalization;
using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hubbub.Backplane.Stores.Postgres;

/// <summary>
/// One connection of the process that listens for appends on all streams. It asks for a sign of life when it has heard nothing for a
/// while, connects again when there is none, and rings everybody then, since what was notified meanwhile is lost.
/// </summary>
internal sealed partial class PostgresDoorbell : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly PostgresLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Doorbells<LogNotice> _bells;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task? _listening;
    private bool _isLost;

    public PostgresDoorbell(NpgsqlDataSource source, PostgresLogOptions options, TimeProvider time, ILogger logger)
    {
        _source = source;
        _options = options;
        _time = time;
        _logger = logger;
        _bells = new Doorbells<LogNotice>(logger);
    }

    public IDisposable Subscribe(string stream, Action<LogNotice> ring)
    {
        var bell = _bells.Add(stream, ring);
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested)
                _listening ??= Task.Run(ListenAsync);
        }

        return bell;
    }

    public async ValueTask DisposeAsync()
    {
        Task? listening;
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            listening = _listening;
        }

        if (listening is not null)
            await listening;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        var delay = new ReconnectDelay();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync(delay);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, the tail poll of the readers goes on meanwhile.
                var wait = delay.Next();
                if (!_isLost)
                    Log.Lost(_logger, e);
                _isLost = true;
                Log.Retrying(_logger, e, wait.TotalMilliseconds);
                await Task.Delay(wait, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenOnceAsync(ReconnectDelay delay)
    {
        var connection = await OpenAsync();
        try
        {
            connection.Notification += (_, e) => Ring(e.Payload);
            await ExecuteAsync(connection, $"listen {_options.Schema}");
            if (_isLost)
                Log.Back(_logger);
            _isLost = false;
            Log.Listening(_logger);
            delay.Reset();
            _bells.RingAll(LogNotice.Unknown);
            while (true)
            {
                if (!await connection.WaitAsync(_options.KeepAlive, _stop.Token))
                    await ExecuteAsync(connection, "select 1");
            }
        }
        finally
        {
            // One that does not answer is left to its own time-out: waiting for it here would keep the doorbell silent.
            var closing = CloseAsync(connection);
            if (_stop.IsCancellationRequested)
                await closing.WaitAsync(_options.CommandTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A payload is the tail, a space, and the stream's name, which may hold spaces itself. Version 1 of the schema gives the name alone.</summary>
    private void Ring(string payload)
    {
        var end = payload.IndexOf(' ', StringComparison.Ordinal);
        if (end > 0 && long.TryParse(payload.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var tail))
            _bells.Ring(payload[(end + 1)..], LogNotice.UpTo(tail));
        else
            _bells.Ring(payload, LogNotice.Unknown);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        using var limit = new CancellationTokenSource(_options.CommandTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        return await _source.OpenConnectionAsync(either.Token);
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = PostgresCalls.Seconds(_options.CommandTimeout) };
        var running = command.ExecuteNonQueryAsync(CancellationToken.None);
        await running.WaitAsync(_options.CommandTimeout, _time, _stop.Token);
    }

    private async Task CloseAsync(NpgsqlConnection connection)
    {
        try
        {
            await using (connection)
            {
                // A connection that goes back into the pool while it listens would fill with notifications nobody reads.
                if (connection.State == System.Data.ConnectionState.Open)
                {
                    await using var command = new NpgsqlCommand("unlisten *", connection);
                    command.CommandTimeout = PostgresCalls.Seconds(_options.CommandTimeout);
                    await command.ExecuteNonQueryAsync(CancellationToken.None);
                }
            }
        }
        catch (Exception e)
        {
            Log.CloseFailed(_logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Listening for appends", EventName = "Listening")]
        public static partial void Listening(ILogger logger);

        // No warning: readers poll meanwhile, and report the store if it is away.
        [LoggerMessage(2, LogLevel.Information, "The doorbell's connection is lost; readers poll meanwhile", EventName = "DoorbellLost")]
        public static partial void Lost(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Information, "The doorbell is connected again", EventName = "DoorbellBack")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(5, LogLevel.Debug, "The doorbell connects again in {Milliseconds} ms", EventName = "DoorbellRetrying")]
        public static partial void Retrying(ILogger logger, Exception exception, double milliseconds);

        [LoggerMessage(3, LogLevel.Debug, "Closing the doorbell's connection failed", EventName = "DoorbellCloseFailed")]
        public static partial void CloseFailed(ILogger logger, Exception exception);
    }
}

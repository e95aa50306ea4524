using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hubbub.Backplane.Stores.Postgres;

/// <summary>
/// Runs calls against the server, each on a connection from the pool, and gives each caller its answer or its exception in bounded time.
/// </summary>
/// <remarks>
/// The caller's time-out and cancellation end its wait only. Npgsql would answer them by sending a cancel request, synchronously and
/// with the connect time-out of the connection string, so against a stopped server they would neither be quick nor free of blocked
/// threads. What was given up ends by its own time-out a little later; until then it keeps its place among the permitted connections.
/// </remarks>
internal sealed partial class PostgresCalls : IDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly PostgresLogOptions _options;
    private readonly PostgresSchema _schema;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _places;
    private readonly int _commandSeconds;
    private volatile bool _schemaReady;
    private volatile bool _disposed;

    public PostgresCalls(NpgsqlDataSource source, PostgresLogOptions options, TimeProvider time, ILogger logger)
    {
        _source = source;
        _options = options;
        _schema = new PostgresSchema(options.Schema);
        _time = time;
        _logger = logger;
        _places = new SemaphoreSlim(options.MaxConnections);
        _commandSeconds = Seconds(options.CommandTimeout);
    }

    /// <summary>Npgsql counts in whole seconds, and takes 0 for no limit.</summary>
    public static int Seconds(TimeSpan timeout) => Math.Max(1, (int)Math.Ceiling(timeout.TotalSeconds));

    /// <param name="command">Without a connection; parameters by position. It is disposed.</param>
    /// <param name="read">Takes the answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MessageLogUnavailableException">The server did not answer, or cannot do it now.</exception>
    public async ValueTask<T> RunAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!await _places.WaitAsync(_options.CommandTimeout, cancellationToken))
            throw new MessageLogUnavailableException($"All {_options.MaxConnections} connections to PostgreSQL have been busy for {_options.CommandTimeout}.");

        var running = RunInPlaceAsync(command, read);
        try
        {
            return await running.WaitAsync(_options.CommandTimeout, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            Abandon(running);
            throw new MessageLogUnavailableException($"PostgreSQL did not answer within {_options.CommandTimeout}.", e);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Abandon(running);
            throw;
        }
        catch (Exception e) when (PostgresFailure.IsUnavailable(e))
        {
            throw new MessageLogUnavailableException("PostgreSQL is not available: " + e.Message, e);
        }
    }

    public void Dispose() => _disposed = true;

    private async Task<T> RunInPlaceAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, Task<T>> read)
    {
        try
        {
            await using (command)
            await using (var connection = await OpenAsync())
            {
                if (!_schemaReady)
                {
                    await _schema.EnsureAsync(connection);
                    _schemaReady = true;
                }

                command.Connection = connection;
                command.CommandTimeout = _commandSeconds;

                // Once per connection and statement; no round trip after that.
                await command.PrepareAsync();
                await using var reader = await command.ExecuteReaderAsync();
                return await read(reader);
            }
        }
        catch (Exception e) when (PostgresFailure.IsSchemaGone(e))
        {
            _schemaReady = false;
            throw;
        }
        finally
        {
            _places.Release();
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync()
    {
        using var limit = new CancellationTokenSource(_options.CommandTimeout, _time);
        return await _source.OpenConnectionAsync(limit.Token);
    }

    private void Abandon(Task running) => _ = running.ContinueWith(
        static (task, state) => Log.GivenUp((ILogger)state!, task.Exception!.GetBaseException()),
        _logger,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "A call that nobody waits for any more has failed", EventName = "GivenUpCallFailed")]
        public static partial void GivenUp(ILogger logger, Exception exception);
    }
}

using Hubbub.Server.Platform;
using Npgsql;

namespace Hubbub.Server.Stocks;

/// <summary>
/// Rings when the market has changed, as far as the database can tell: what is notified while the connection is away is lost, and a poll has to
/// make up for it.
/// </summary>
internal sealed partial class MarketBell(NpgsqlDataSource database, TimeProvider time, ILogger<MarketBell> logger) : BackgroundService
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Outage _outage = new(time);
    private readonly SemaphoreSlim _rung = new(0, 1);

    /// <summary>Returns when it rang since the last call, or after a time.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _rung.WaitAsync(atMost, cancellationToken);

    /// <summary>Rings it from here.</summary>
    public void Ring()
    {
        try
        {
            if (_rung.CurrentCount == 0)
                _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else did at the same moment.
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _rung.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = ShortestPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(
                    () =>
                    {
                        pause = ShortestPause;
                        _outage.End();
                    },
                    stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                var level = _outage.Fail();
                Log.Lost(logger, level, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ListenAsync(Action listening, CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        connection.Notification += OnNotification;
        try
        {
            await ExecuteAsync(connection, "listen hubbub_market", stoppingToken);
            listening();
            Ring();
            while (true)
            {
                if (!await connection.WaitAsync(SignOfLife, stoppingToken))
                    await ExecuteAsync(connection, "select 1", stoppingToken);
            }
        }
        finally
        {
            connection.Notification -= OnNotification;

            // Back in the pool it would go on filling with notifications.
            NpgsqlConnection.ClearPool(connection);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.CommandTimeout = (int)SignOfLife.TotalSeconds;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void OnNotification(object sender, NpgsqlNotificationEventArgs e) => Ring();

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "MarketBellLost", Message = "The market's bell is lost; the poll goes on, and it is tried again")]
        public static partial void Lost(ILogger logger, LogLevel level, Exception exception);
    }
}

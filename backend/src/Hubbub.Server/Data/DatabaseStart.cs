using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Data;

/// <summary>Waits for the database at the start, for a bounded time, and has the schema brought up to date.</summary>
internal sealed partial class DatabaseStart(
    Migrator migrator, IOptions<DatabaseOptions> options, TimeProvider time, ILogger<DatabaseStart> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await migrator.MigrateAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException e) when (IsAway(e))
            {
                var waited = time.GetElapsedTime(began);
                if (waited >= options.Value.StartTimeout)
                    throw new StartException(string.Create(CultureInfo.InvariantCulture, $"The database did not answer within {waited.TotalSeconds:0} s: {Reason(e)}"), e);
                Log.Waiting(logger, Reason(e));
            }
            catch (NpgsqlException e)
            {
                throw new StartException($"The database refuses: {Reason(e)}", e);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // No connection at all, still starting, or the database is yet to be created by whoever sets the server up.
    private static bool IsAway(NpgsqlException e) =>
        e is not PostgresException { SqlState: not PostgresErrorCodes.InvalidCatalogName, IsTransient: false };

    private static string Reason(NpgsqlException e) => (e as PostgresException)?.MessageText ?? e.InnerException?.Message ?? e.Message;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Waiting for the database: {Reason}", EventName = "DatabaseAway")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}

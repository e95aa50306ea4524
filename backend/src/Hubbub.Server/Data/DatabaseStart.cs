using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Data;

/// <summary>
/// Waits for the database at the start, for a bounded time, and has the schema brought up to date. Before anything else that needs the
/// database begins, so that nothing complains meanwhile about what is not there yet.
/// </summary>
internal sealed partial class DatabaseStart(
    Migrator migrator, IOptions<DatabaseOptions> options, TimeProvider time, ILogger<DatabaseStart> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns when the database is there and up to date.</summary>
    /// <exception cref="StartException">It did not answer in time, or refuses.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
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

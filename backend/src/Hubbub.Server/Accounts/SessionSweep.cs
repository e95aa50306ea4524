using Microsoft.Extensions.Options;

namespace Hubbub.Server.Accounts;

/// <summary>Has expired sessions deleted now and then. Every replica does; they step around each other.</summary>
internal sealed partial class SessionSweep(
    Sessions sessions, IOptions<AccountOptions> options, TimeProvider time, ILogger<SessionSweep> logger) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await sessions.SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotSwept(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Expired sessions could not be deleted; the next turn tries again", EventName = "SessionsNotSwept")]
        public static partial void NotSwept(ILogger logger, Exception exception);
    }
}

using Hubbub.Backplane;
using Microsoft.AspNetCore.SignalR;
using Npgsql;

namespace Hubbub.Server.Platform;

/// <summary>Gives every failing call of a hub the form of the contract, and the log the reason.</summary>
/// <typeparam name="THub">The hub.</typeparam>
internal sealed partial class HubFailures<THub>(TimeProvider time, ILogger<THub> logger) : IHubFilter
    where THub : Hub, IFailsInWords
{
    private readonly Outage _outage = new(time);

    /// <inheritdoc />
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (HubException)
        {
            throw;
        }
        catch (Exception e)
        {
            if (e is BackplaneUnavailableException or NpgsqlException or TimeoutException)
            {
                var level = _outage.Fail();
                Log.Unavailable(logger, level, invocationContext.HubMethodName, e);
            }
            else if (!invocationContext.Context.ConnectionAborted.IsCancellationRequested)
            {
                Log.Failed(logger, invocationContext.HubMethodName, e);
            }

            throw new HubException(THub.Unavailable, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "CallUnavailable", Message = "{Method} was refused: database or backplane is away")]
        public static partial void Unavailable(ILogger logger, LogLevel level, string method, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "{Method} failed", EventName = "CallFailed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);
    }
}

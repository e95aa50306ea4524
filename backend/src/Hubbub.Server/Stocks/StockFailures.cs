using Hubbub.Backplane;
using Microsoft.AspNetCore.SignalR;
using Npgsql;

namespace Hubbub.Server.Stocks;

/// <summary>Gives every failing call of the stock hub the form of the contract, and the log the reason.</summary>
internal sealed partial class StockFailures(ILogger<StockFailures> logger) : IHubFilter
{
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
                Log.Unavailable(logger, invocationContext.HubMethodName, e);
            else if (!invocationContext.Context.ConnectionAborted.IsCancellationRequested)
                Log.Failed(logger, invocationContext.HubMethodName, e);
            throw new HubException("unavailable: The market cannot be reached just now. Try again.", e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Method} was refused: database or backplane is away", EventName = "CallUnavailable")]
        public static partial void Unavailable(ILogger logger, string method, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "{Method} failed", EventName = "CallFailed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);
    }
}

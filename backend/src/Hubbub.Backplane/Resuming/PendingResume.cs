using Hubbub.Backplane.Delivery;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Resuming;

/// <summary>
/// Brings one connection from the position it presents to the live flow: <c>Resumed</c> first, then what it missed, then what comes. Where the missed
/// records end and the live ones begin is a point in the dispatcher's own order, so there is no hole and no overlap.
/// </summary>
internal sealed partial class PendingResume : IPendingResume
{
    private readonly HubConnectionContext _connection;
    private readonly ConnectionPump _pump;
    private readonly ResumeRequest _request;
    private readonly Dispatcher _dispatcher;
    private readonly MissedRecords _missed;
    private readonly Func<LogCursor> _lastStored;
    private readonly string _replicaId;
    private readonly string _stream;
    private readonly BackplaneMetrics _metrics;
    private readonly ILogger _logger;

    public PendingResume(
        HubConnectionContext connection,
        ConnectionPump pump,
        ResumeRequest request,
        Dispatcher dispatcher,
        MissedRecords missed,
        Func<LogCursor> lastStored,
        string replicaId,
        string stream,
        BackplaneMetrics metrics,
        ILogger logger)
    {
        _connection = connection;
        _pump = pump;
        _request = request;
        _dispatcher = dispatcher;
        _missed = missed;
        _lastStored = lastStored;
        _replicaId = replicaId;
        _stream = stream;
        _metrics = metrics;
        _logger = logger;
    }

    public async Task StartAsync()
    {
        try
        {
            _dispatcher.GoLive(_pump, await FindFenceAsync(), CatchUpAsync);
        }
#pragma warning disable CA1031 // Whatever it was, thrown from here it would make SignalR tell the client not to come back.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.NotResumed(_logger, _connection.ConnectionId, _request.Cursor, e);
            _pump.DropUncaught();
        }
    }

    /// <summary>The place behind which stand all group changes that <c>OnConnectedAsync</c> made and everything it sent.</summary>
    private async Task<LogCursor> FindFenceAsync()
    {
        var fence = _lastStored();
        if (LogCursor.TryParse(_request.Cursor, out var cursor) && await _missed.IsAheadAsync(cursor, _connection.ConnectionAborted))
            fence = fence.Epoch == cursor.Epoch && fence.Offset > cursor.Offset ? fence : cursor;
        return fence;
    }

    private async Task CatchUpAsync(LogCursor upTo, IReadOnlySet<string> groups)
    {
        var entitlement = new Entitlement(_connection.ConnectionId, _request.Previous, _connection.UserIdentifier, groups, _replicaId);
        var (reason, items) = await FindAsync(upTo, entitlement);
        var from = reason is null ? _request.Cursor : _missed.WithTag(_pump.Start).ToString();
        var resumption = new Resumption(reason is null, reason is null ? items.Count : 0, reason);
        _metrics.Resumed(_stream, reason ?? "resumed", resumption.Replayed);
        Log.Resumed(_logger, _connection.ConnectionId, _request.Cursor, reason ?? "resumed", resumption.Replayed);

        var resumed = new InvocationMessage("Resumed", [resumption.ToArgument()])
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["cursor"] = from },
        };
        await _connection.WriteAsync(resumed, _connection.ConnectionAborted);
        foreach (var item in items)
            await _connection.WriteAsync(item.Message.Message, _connection.ConnectionAborted);
    }

    /// <summary>
    /// What the connection gets before the live flow, and why it is not all that it missed, if it is not. Even then it gets what was
    /// sent to it since it connected: <c>OnConnectedAsync</c> may have greeted it.
    /// </summary>
    private async Task<(string? Reason, IReadOnlyList<LogItem> Items)> FindAsync(LogCursor upTo, Entitlement entitlement)
    {
        var reason = WhyNot(upTo, out var cursor);
        if (reason is null)
        {
            var missed = await _missed.FindAsync(cursor, upTo, entitlement, _connection.ConnectionAborted);
            if (missed.WhyNot is null)
                return (null, missed.Items);
            reason = missed.WhyNot;
        }

        // The place where the connection began is this replica's own, so there is nothing to compare.
        var sinceStart = await _missed.FindAsync(_pump.Start with { Tag = null }, upTo, entitlement, _connection.ConnectionAborted);
        return sinceStart.WhyNot is null
            ? (reason, sinceStart.Items)
            : throw new InvalidOperationException("What was sent to the connection while it was made is gone or too large.");
    }

    private string? WhyNot(LogCursor upTo, out LogCursor cursor)
    {
        cursor = default;
        if (_request.Cursor.Length == 0)
            return Resumption.New;
        if (!LogCursor.TryParse(_request.Cursor, out cursor))
            return Resumption.Invalid;
        if (cursor.Epoch != upTo.Epoch)
            return Resumption.Epoch;
        if (cursor.Offset > upTo.Offset)
            return cursor.Tag is null ? Resumption.Invalid : Resumption.Epoch;
        return _missed.IsTooFar(cursor.Offset, upTo.Offset) ? Resumption.Trimmed : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Connection {ConnectionId} came with cursor {Cursor}: {Outcome}, {Replayed} messages replayed.", EventName = "Resumed")]
        public static partial void Resumed(ILogger logger, string connectionId, string cursor, string outcome, int replayed);

        [LoggerMessage(2, LogLevel.Debug, "Connection {ConnectionId} with cursor {Cursor} is dropped: the log could not be asked.", EventName = "NotResumed")]
        public static partial void NotResumed(ILogger logger, string connectionId, string cursor, Exception exception);
    }
}

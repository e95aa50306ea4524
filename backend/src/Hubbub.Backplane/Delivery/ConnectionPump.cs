using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Resuming;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// Writes messages to one connection, in order. While the connection takes them they are written at once by the dispatcher, without a
/// queue or a task; when it does not, they wait here, up to a bound, and nobody else waits. Past the bound the connection is dropped: its
/// client may come back and resume.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="options">The bounds of what may wait.</param>
/// <param name="resume">Given if the client wants to resume; its messages are then held until <see cref="GoLive"/>.</param>
/// <param name="stream">The hub's stream.</param>
/// <param name="metrics">Counts how long the connection lagged behind, and whether it had to be dropped because its catch-up failed.</param>
/// <param name="time">The clock of the lag, and of the limit for a connection that is asked to close.</param>
internal sealed class ConnectionPump(
    HubConnectionContext connection, BackplaneOptions options, ResumeRequest? resume, string stream, BackplaneMetrics metrics, TimeProvider time)
{
    private readonly Lock _gate = new();
    private Queue<DeliverableMessage>? _backlog;
    private long _backlogBytes;
    private ConnectionClosing? _closing;
    private bool _hasEnded;
    private bool _isWriting;
    private volatile bool _isClosed;
    private bool _isHeld = resume is not null;

    public string ConnectionId => connection.ConnectionId;

    public string? UserId => connection.UserIdentifier;

    public IHubProtocol Protocol => connection.Protocol;

    /// <summary>True if the client wants to resume, and so keeps cursors.</summary>
    public bool IsResuming { get; } = resume is not null;

    /// <summary>The connection that this one replaces; what that was excluded from is not for this one either.</summary>
    public string Previous { get; } = resume?.Previous ?? "";

    /// <summary>The connection gets what lies behind this position.</summary>
    public LogCursor Start { get; set; }

    /// <summary>Fires when the connection ends.</summary>
    public CancellationToken Ended => connection.ConnectionAborted;

    /// <summary>The groups it is in. Touched by the dispatcher only.</summary>
    public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>The connection has ended: nothing more is written to it.</summary>
    public void Close()
    {
        ConnectionClosing? closing;
        lock (_gate)
        {
            Silence();
            _hasEnded = true;
            closing = _closing;
        }

        closing?.Dispose();
    }

    /// <summary>
    /// Stops writing, because the connection cannot get all of its messages, and asks it to close. The client may come back, and resume.
    /// </summary>
    public void Drop()
    {
        lock (_gate)
        {
            Silence();
            if (!_hasEnded)
                _closing ??= ConnectionClosing.Begin(connection, options.CloseTimeout, time);
        }
    }

    /// <summary>Drops the connection because what it missed before it came cannot be found or written.</summary>
    public void DropUncaught()
    {
        if (!connection.ConnectionAborted.IsCancellationRequested)
            metrics.Dropped(stream, DropReason.CatchUp);
        Drop();
    }

    /// <summary>Stops writing and ends the connection. A client that listens to it is told not to come back.</summary>
    public void End()
    {
        lock (_gate)
            Silence();
        connection.Abort();
    }

    /// <summary>
    /// Hands a message over. Never waits. Called by the dispatcher only, so that the order is that of the log. False if the connection had to be
    /// dropped because too much waits for it already.
    /// </summary>
    public bool Deliver(DeliverableMessage message)
    {
        // What comes while the connection is held is replayed by its prologue.
        if (_isClosed || _isHeld)
            return true;

        // Only the dispatcher starts writing and only the drain task ends it, so that the common case needs no lock.
        if (Volatile.Read(ref _isWriting) && TryEnqueue(message, out var isWithinBounds))
        {
            if (!isWithinBounds)
                Drop();
            return isWithinBounds;
        }

        var write = Write(message);
        if (!write.IsCompletedSuccessfully)
        {
            Volatile.Write(ref _isWriting, true);
            _ = DrainLateAsync(write);
        }

        return true;
    }

    /// <summary>Lets messages flow, behind what <paramref name="prologue"/> writes. Called by the dispatcher only.</summary>
    public void GoLive(Func<Task> prologue)
    {
        _isHeld = false;
        Volatile.Write(ref _isWriting, true);
        _ = DrainAsync(new ValueTask(CatchUpAsync(prologue)));
    }

    private void Silence()
    {
        _isClosed = true;
        _backlog = null;
    }

    /// <summary>Runs what brings the connection to the live flow. If it fails, what the connection has missed is still missing.</summary>
    private async Task CatchUpAsync(Func<Task> prologue)
    {
        try
        {
            await Task.Run(prologue);
        }
#pragma warning disable CA1031 // Whatever it was, the client comes back and tries again, perhaps on another replica.
        catch (Exception)
#pragma warning restore CA1031
        {
            DropUncaught();
        }
    }

    /// <summary>Queues behind the write under way; false if that has ended meanwhile.</summary>
    private bool TryEnqueue(DeliverableMessage message, out bool isWithinBounds)
    {
        lock (_gate)
        {
            isWithinBounds = true;
            if (!_isWriting)
                return false;
            if (_isClosed)
                return true;

            _backlog ??= new Queue<DeliverableMessage>();
            _backlog.Enqueue(message);
            _backlogBytes += message.Bytes;
            isWithinBounds = _backlog.Count <= options.MaxConnectionBacklog && _backlogBytes <= options.MaxConnectionBacklogBytes;
            return true;
        }
    }

    private ValueTask Write(DeliverableMessage message)
    {
        try
        {
            return connection.WriteAsync(message.Message, connection.ConnectionAborted);
        }
#pragma warning disable CA1031 // One connection's failure, of whatever kind, is no other's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ValueTask.FromException(e);
        }
    }

    private async Task DrainLateAsync(ValueTask write)
    {
        var since = time.GetTimestamp();
        await DrainAsync(write);
        metrics.Lagged(stream, time.GetElapsedTime(since));
    }

    private async Task DrainAsync(ValueTask write)
    {
        try
        {
            await write;
            while (TryTakeNext(out var next))
                await Write(next);
        }
#pragma warning disable CA1031 // A write that fails ends this connection only; it is closing already or is asked to here.
        catch (Exception)
#pragma warning restore CA1031
        {
            Drop();
        }
    }

    private bool TryTakeNext(out DeliverableMessage next)
    {
        lock (_gate)
        {
            if (_backlog is not null && _backlog.TryDequeue(out next!))
            {
                _backlogBytes -= next.Bytes;
                return true;
            }

            _backlog = null;
            _backlogBytes = 0;
            _isWriting = false;
            next = null!;
            return false;
        }
    }
}

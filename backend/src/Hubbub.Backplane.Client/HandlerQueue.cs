using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Client;

/// <summary>
/// Knows when the handlers of a connection that has ended are through. A <see cref="Microsoft.AspNetCore.SignalR.Client.HubConnection"/> runs handlers one after the
/// other, but does not wait for those of the last connection when it has made a new one: a slow handler would be overtaken by what comes next. So each
/// connection ends with a call of a method of our own, and the next one begins when that was handled.
/// </summary>
internal sealed class HandlerQueue
{
    public const string EndMethod = "Hubbub.Backplane.Client.End";

    /// <summary>A handler that waits for the next connection would wait for ever; after this long it is overtaken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private volatile TaskCompletionSource _ended = Completed();
    private volatile bool _isMarked;

    private static readonly InvocationMessage End = new(EndMethod, []);

    /// <summary>A connection begins.</summary>
    public void Begin()
    {
        _isMarked = false;
        _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The call to hand over behind the last one of the connection.</summary>
    public InvocationMessage Mark()
    {
        _isMarked = true;
        return End;
    }

    /// <summary>The mark is handled, and so is everything before it.</summary>
    public void Ended() => _ended.TrySetResult();

    /// <summary>The connection is over. One that was never marked did not get as far as handling calls.</summary>
    public void Closed()
    {
        if (!_isMarked)
            _ended.TrySetResult();
    }

    /// <summary>Waits until the calls of the last connection are handled. False if that takes too long.</summary>
    public async Task<bool> DrainAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _ended.Task.WaitAsync(Patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }
}

using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.ClientResults;

/// <summary>A call to a client whose result somebody on this replica waits for.</summary>
internal abstract class PendingCall(string connectionId)
{
    private int _unansweredProbes;

    public string ConnectionId { get; } = connectionId;

    /// <summary>What the result must be.</summary>
    public abstract Type ResultType { get; }

    /// <summary>True once the replica that holds the connection has taken the call.</summary>
    public bool IsAccepted { get; private set; }

    public void Accepted()
    {
        IsAccepted = true;
        Volatile.Write(ref _unansweredProbes, 0);
    }

    /// <summary>Counts a probe. Returns how many were sent since the last answer.</summary>
    public int Probed() => Interlocked.Increment(ref _unansweredProbes);

    public abstract void Complete(CompletionMessage completion);

    public abstract void Fail(Exception exception);
}

/// <inheritdoc />
internal sealed class PendingCall<T>(string connectionId) : PendingCall(connectionId)
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => _result.Task;

    public override Type ResultType => typeof(T);

    public override void Complete(CompletionMessage completion)
    {
        if (completion.HasResult)
            _result.TrySetResult((T)completion.Result!);
        else
            _result.TrySetException(new HubException(completion.Error));
    }

    public override void Fail(Exception exception) => _result.TrySetException(exception);
}

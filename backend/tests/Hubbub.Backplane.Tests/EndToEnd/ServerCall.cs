namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>A call of the server to its client.</summary>
/// <param name="Target">The client's method.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ServerCall(string Target, IReadOnlyList<object?> Arguments)
{
    private readonly TaskCompletionSource<object> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the server gets, if it waits for a result.</summary>
    public Task<object> Answered => _answer.Task;

    /// <summary>Answers the call.</summary>
    public void Answer(object result) => _answer.SetResult(result);

    /// <summary>Tells the server that its call failed.</summary>
    public void Fail(string error) => _answer.SetException(new InvalidOperationException(error));
}

namespace Hubbub.Server.Platform;

/// <summary>
/// One read for many who ask for the same at about the same time, as all pages do when a replica has gone: whoever asks while a read is under way, or
/// for a moment after it, gets its answer. A read that failed is not kept.
/// </summary>
/// <param name="read">Reads; bounds its own time, since it outlives those who ask.</param>
/// <param name="lifetime">How long an answer is given again, from the moment at which its read began.</param>
/// <param name="time">The clock.</param>
/// <typeparam name="TKey">What is asked for; there are few of them, since each keeps its last answer.</typeparam>
/// <typeparam name="TAnswer">Not changed by anyone who gets it.</typeparam>
internal sealed class SharedReads<TKey, TAnswer>(Func<TKey, Task<TAnswer>> read, TimeSpan lifetime, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, (Task<TAnswer> Answer, long Begun)> _last = [];

    public Task<TAnswer> ReadAsync(TKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_last.TryGetValue(key, out var last) || !IsGood(last.Answer, last.Begun))
                _last[key] = last = (read(key), time.GetTimestamp());
            return last.Answer.WaitAsync(cancellationToken);
        }
    }

    private bool IsGood(Task<TAnswer> answer, long begun) =>
        !answer.IsCompleted || (answer.IsCompletedSuccessfully && time.GetElapsedTime(begun) < lifetime);
}

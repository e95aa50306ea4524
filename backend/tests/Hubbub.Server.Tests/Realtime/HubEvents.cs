namespace Hubbub.Server.Tests.Realtime;

/// <summary>What a hub has called on a client: waited for one by one, or looked at as a whole.</summary>
internal sealed class HubEvents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<HubEvent> _all = [];
    private readonly List<HubEvent> _waiting = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _end;

    /// <summary>Everything so far, in the order of arrival.</summary>
    public IReadOnlyList<HubEvent> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    /// <summary>Everything so far that called one method.</summary>
    public IReadOnlyList<HubEvent> Of(string target) => [.. All.Where(e => e.Target == target)];

    /// <summary>Takes the first event that fits, waiting for it if it is not there yet.</summary>
    public async Task<HubEvent> WaitForAsync(string target, Func<HubEvent, bool>? fits = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                var found = _waiting.FindIndex(e => e.Target == target && (fits is null || fits(e)));
                if (found >= 0)
                {
                    var taken = _waiting[found];
                    _waiting.RemoveAt(found);
                    return taken;
                }

                if (_end is not null)
                    throw new InvalidOperationException($"The connection ended before {target} came.", _end);
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{target} did not come. What came: {string.Join(", ", All.Select(one => one.Target))}", e);
            }
        }
    }

    internal void Add(HubEvent happened)
    {
        lock (_gate)
        {
            _all.Add(happened);
            _waiting.Add(happened);
            Ring();
        }
    }

    internal void End(Exception reason)
    {
        lock (_gate)
        {
            _end = reason;
            Ring();
        }
    }

    private void Ring()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

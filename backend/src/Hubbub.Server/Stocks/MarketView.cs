namespace Hubbub.Server.Stocks;

/// <summary>The market as this replica knows it, at most one poll behind the database while that answers.</summary>
internal sealed class MarketView(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private MarketSnapshot? _latest;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The latest snapshot; null until the database has answered for the first time.</summary>
    public MarketSnapshot? Latest => Volatile.Read(ref _latest);

    /// <summary>The latest snapshot, for which it waits a while if there is none yet.</summary>
    /// <exception cref="TimeoutException">There is still none.</exception>
    public Task<MarketSnapshot> ReadAsync(CancellationToken cancellationToken) => WhenAsync(_ => true, cancellationToken).WaitAsync(Patience, time, cancellationToken);

    /// <summary>The first snapshot for which a condition holds, from the latest one on.</summary>
    public async Task<MarketSnapshot> WhenAsync(Func<MarketSnapshot, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_latest is not null && condition(_latest))
                    return _latest;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Shows a snapshot to everybody from now on.</summary>
    public void Show(MarketSnapshot snapshot)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Volatile.Write(ref _latest, snapshot);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}

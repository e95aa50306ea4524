namespace Hubbub.Backplane.Delivery;

/// <summary>
/// Runs steps one after another, in the order in which they come. A step that comes while no other runs may run at once on the thread that
/// brings it: waking another thread costs more than most steps. No step runs under a lock.
/// </summary>
/// <param name="failed">Called with what a step throws; the steps behind it run all the same.</param>
internal sealed class StepQueue(Action<Exception> failed) : IThreadPoolWorkItem, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _steps = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isBusy;
    private bool _isClosed;

    /// <summary>
    /// Runs the step before it returns if no other runs, else leaves it to the thread pool. The caller must not hold a lock that a step takes.
    /// False if the queue has been closed.
    /// </summary>
    public bool Run(Action step)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            if (_isBusy)
            {
                _steps.Enqueue(step);
                return true;
            }

            _isBusy = true;
        }

        RunNow(step);

        // Steps that came meanwhile are for others: the caller's thread has work of its own.
        if (!TryEndTurn())
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Runs the step on the thread pool. False if the queue has been closed.</summary>
    public bool Post(Action step)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _steps.Enqueue(step);
            if (_isBusy)
                return true;
            _isBusy = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Takes no more steps, and waits for those that it has.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (!_isBusy)
                _ended.TrySetResult();
        }

        await _ended.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            RunNow(Next());
        }
        while (!TryEndTurn());
    }

    private Action Next()
    {
        lock (_gate)
            return _steps.Dequeue();
    }

    /// <summary>True if there is nothing left to run; the next step to come begins a new turn.</summary>
    private bool TryEndTurn()
    {
        lock (_gate)
        {
            if (_steps.Count > 0)
                return false;
            _isBusy = false;
            if (_isClosed)
                _ended.TrySetResult();
            return true;
        }
    }

    private void RunNow(Action step)
    {
        try
        {
            step();
        }
#pragma warning disable CA1031 // The steps behind this one must run; what it threw is handed on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failed(e);
        }
    }
}

using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Tests.Realtime;

/// <summary>What a hub method streams.</summary>
internal sealed class HubStream(CancellationTokenSource cancel)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<JsonElement> _items = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the hub says that there is no more; fails with what it says.</summary>
    public Task Ended => _ended.Task.WaitAsync(Patience);

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<JsonElement> Items
    {
        get
        {
            lock (_gate)
                return [.. _items];
        }
    }

    /// <summary>Waits until what has come so far fits.</summary>
    public async Task<IReadOnlyList<JsonElement>> WaitForAsync(Func<IReadOnlyList<JsonElement>, bool> fits)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
                changed = _changed.Task;
            if (Items is var items && fits(items))
                return items;
            if (await Task.WhenAny(changed, _ended.Task).WaitAsync(patience.Token) != changed)
            {
                await _ended.Task;
                throw new InvalidOperationException("The stream ended before what was waited for came.");
            }
        }
    }

    /// <summary>Asks the hub to end it.</summary>
    public Task CancelAsync() => cancel.CancelAsync();

    internal async Task ReadAsync(IAsyncEnumerable<JsonElement> items)
    {
        try
        {
            await foreach (var item in items)
                Add(item);
            _ended.TrySetResult();
        }
        catch (HubException e)
        {
            _ended.TrySetException(new HubCallException(e.Message));
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
        }
    }

    private void Add(JsonElement item)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _items.Add(item);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }
}

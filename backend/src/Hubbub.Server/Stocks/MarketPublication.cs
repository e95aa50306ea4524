using Hubbub.Backplane;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Stocks;

/// <summary>
/// Takes stored ticks and commands to the backplane, in their order. Any replica may, also two at once, and one that was frozen half-way: each
/// begins with the first that is not known to be published and goes on one by one, and the backplane keeps the first of each key. So nothing can
/// come before what stands before it, and nothing comes twice.
/// </summary>
/// <remarks>
/// Where replicas do not reach each other's connections, the leader publishes the ticks that it made, and each replica the commands that it
/// took, as soon as they are stored.
/// </remarks>
internal sealed class MarketPublication(MarketOutbox outbox, IHubContext<StockTickerHub, IStockTickerClient> hub, ChosenBackplane backplane)
    : IDisposable
{
    /// <summary>The connections that get every tick.</summary>
    public const string TickGroup = "ticks";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _published;

    /// <summary>The last position that this replica knows to be published.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Publishes a tick that was just stored, and before it what waits in front of it.</summary>
    /// <param name="marketId">The market.</param>
    /// <param name="tick">The tick.</param>
    /// <param name="position">Its place in the order.</param>
    /// <param name="publishedBefore">The last place that was published when it was stored.</param>
    /// <exception cref="BackplaneUnavailableException">What is left stays in the outbox.</exception>
    public Task PublishAsync(Guid marketId, MarketTick tick, long position, long publishedBefore)
    {
        var known = Math.Max(publishedBefore, Published);
        return known == position - 1
            ? InTurnAsync(() => PublishAsync(new Waiting(marketId, position, tick, null)))
            : PublishWaitingAsync();
    }

    /// <summary>Publishes a command that was just stored, and before it what waits in front of it.</summary>
    /// <exception cref="BackplaneUnavailableException">What is left stays in the outbox.</exception>
    public Task PublishCommandAsync(Waiting command) =>
        backplane.ReachesAll ? PublishWaitingAsync() : InTurnAsync(() => SendChangeAsync(command));

    /// <summary>Publishes everything that waits.</summary>
    /// <exception cref="BackplaneUnavailableException">What is left stays in the outbox.</exception>
    public Task PublishWaitingAsync() => InTurnAsync(async () =>
    {
        while (await outbox.ReadAsync() is { Count: > 0 } waiting)
        {
            foreach (var one in waiting)
                await SendAsync(one);
            await NoteAsync(waiting[^1].Position);
        }
    });

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private async Task InTurnAsync(Func<Task> publish)
    {
        await _turn.WaitAsync();
        try
        {
            await publish();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task PublishAsync(Waiting one)
    {
        await SendAsync(one);
        await NoteAsync(one.Position);
    }

    // One after the other: were several on their way at once, a later one could be stored although an earlier one failed.
    private async Task SendAsync(Waiting one)
    {
        if (one.Tick is { } tick)
        {
            await hub.Clients.Group(TickGroup).UpdateStockPrices(new TickPrices(one.MarketId, tick.Sequence, [.. tick.Prices]));
            return;
        }

        if (backplane.ReachesAll)
            await SendChangeAsync(one);
    }

    private async Task SendChangeAsync(Waiting one)
    {
        var change = one.Change!;
        var once = new SentOnce($"command:{one.MarketId:n}:{one.Position}");
        await (change.Command switch
        {
            nameof(MarketCommand.Open) => hub.Clients.All.MarketOpened(once),
            nameof(MarketCommand.Close) => hub.Clients.All.MarketClosed(once),
            _ => hub.Clients.All.MarketReset(once),
        });
        await hub.Clients.All.MarketChanged(change);
    }

    private async Task NoteAsync(long position)
    {
        await outbox.RemoveAsync(position);
        Volatile.Write(ref _published, Math.Max(position, Published));
    }
}

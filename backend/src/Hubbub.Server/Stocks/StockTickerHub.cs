using System.Runtime.CompilerServices;
using Hubbub.Server.Accounts;
using Hubbub.Server.Cluster;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Stocks;

/// <summary>The door to the market.</summary>
internal sealed class StockTickerHub(
    StockMarket market, MarketView view, PriceStream prices, ConnectionDirectory directory, TimeProvider time)
    : Hub<IStockTickerClient>, IFailsInWords
{
    /// <summary>Where it is mapped, and its name in the directory of connections.</summary>
    public const string Route = "stockTickerHub";

    private static readonly object StreamKey = new();

    /// <inheritdoc />
    public static string Unavailable => "unavailable: The market cannot be reached just now. Try again.";

    /// <inheritdoc />
    public override async Task OnConnectedAsync()
    {
        await directory.AddAsync(Route, Context.ConnectionId, Context.User!.UserId(), Context.ConnectionAborted);
        await Groups.AddToGroupAsync(Context.ConnectionId, MarketPublication.TickGroup, Context.ConnectionAborted);
    }

    /// <inheritdoc />
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Replace(null);
        return directory.RemoveAsync(Context.ConnectionId);
    }

    /// <summary>Every stock with its latest price.</summary>
    public async Task<IReadOnlyList<Stock>> GetAllStocks() => (await view.ReadAsync(Context.ConnectionAborted)).Stocks;

    /// <summary>Whether the market moves.</summary>
    public async Task<MarketState> GetMarketState() => (await view.ReadAsync(Context.ConnectionAborted)).Status.State;

    /// <summary>This replica's time, for those who want to know how old a price is.</summary>
    public DateTimeOffset GetServerTime() => time.GetUtcNow();

    /// <summary>Opens the market; administrators only.</summary>
    public Task OpenMarket() => TellAsync(MarketCommand.Open);

    /// <summary>Closes the market; administrators only.</summary>
    public Task CloseMarket() => TellAsync(MarketCommand.Close);

    /// <summary>Begins a new day while the market is closed; administrators only.</summary>
    public Task Reset() => TellAsync(MarketCommand.Reset);

    /// <summary>
    /// The market at the caller's pace, instead of a call for every tick. A connection has one stream: a new one ends the one before.
    /// </summary>
    /// <param name="updatesPerSecond">1 to 20, or 0 for every tick that the caller keeps up with.</param>
    /// <param name="cancellationToken">The caller has had enough.</param>
    public async Task<IAsyncEnumerable<PriceUpdate>> StreamPrices(int updatesPerSecond, CancellationToken cancellationToken)
    {
        if (updatesPerSecond is < 0 or > PriceStream.MostPerSecond)
            throw new HubException($"invalid_argument: updatesPerSecond is a number from 0 to {PriceStream.MostPerSecond}.");

        await Groups.RemoveFromGroupAsync(Context.ConnectionId, MarketPublication.TickGroup, cancellationToken);
        var replaced = new CancellationTokenSource();
        Replace(replaced);
        return ReadAsync(updatesPerSecond, replaced.Token, cancellationToken);
    }

    // A stream that was replaced ends as one does that has come to its end.
    private async IAsyncEnumerable<PriceUpdate> ReadAsync(
        int updatesPerSecond, CancellationToken replaced, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(replaced, cancellationToken);
        await using var updates = prices.ReadAsync(updatesPerSecond, either.Token).GetAsyncEnumerator(either.Token);
        while (await MoveAsync(updates))
            yield return updates.Current;
    }

    private static async Task<bool> MoveAsync(IAsyncEnumerator<PriceUpdate> updates)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Replace(CancellationTokenSource? stream)
    {
        CancellationTokenSource? before;
        lock (Context.Items)
        {
            before = Context.Items.TryGetValue(StreamKey, out var found) ? (CancellationTokenSource?)found : null;
            Context.Items[StreamKey] = stream;
        }

        before?.Cancel();
        before?.Dispose();
    }

    private async Task TellAsync(MarketCommand command)
    {
        if (!Context.User!.IsInRole(Roles.Admin))
            throw new HubException("forbidden: Only administrators can do that.");
        if (!await market.TellAsync(command, Context.User!.UserId(), Context.User!.UserName()))
            throw new HubException("market_open: A new day begins only while the market is closed.");
    }
}

using Hubbub.Backplane;

namespace Hubbub.Server.Stocks;

/// <summary>What the stock hub calls on its clients. Public, with all it mentions, because SignalR implements it in an assembly of its own.</summary>
public interface IStockTickerClient
{
    /// <summary>The prices of one tick, for connections that do not stream.</summary>
    Task UpdateStockPrices(TickPrices prices);

    /// <summary>An administrator opened the market.</summary>
    /// <param name="once">Not an argument for the client.</param>
    Task MarketOpened(SentOnce once);

    /// <summary>An administrator closed the market.</summary>
    /// <param name="once">Not an argument for the client.</param>
    Task MarketClosed(SentOnce once);

    /// <summary>An administrator began a new day.</summary>
    /// <param name="once">Not an argument for the client.</param>
    Task MarketReset(SentOnce once);

    /// <summary>Any of the three, with who it was.</summary>
    Task MarketChanged(MarketChange change);
}

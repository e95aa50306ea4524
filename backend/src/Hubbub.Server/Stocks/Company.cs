namespace Hubbub.Server.Stocks;

/// <summary>A company that does not exist, with what its stock does.</summary>
/// <param name="Symbol">Two to five letters, unique.</param>
/// <param name="Name">For people.</param>
/// <param name="Sector">What it would do.</param>
/// <param name="Rank">Where it stands in the list, from 1.</param>
/// <param name="FirstPrice">What a new day begins with.</param>
/// <param name="Volatility">The largest step of a tick, in hundredths of a percent.</param>
internal sealed record Company(string Symbol, string Name, string Sector, int Rank, decimal FirstPrice, int Volatility);

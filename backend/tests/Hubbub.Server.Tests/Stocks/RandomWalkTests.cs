using Hubbub.Server.Stocks;

namespace Hubbub.Server.Tests.Stocks;

public sealed class RandomWalkTests
{
    [Fact]
    public void Each_tick_moves_at_least_one_stock_to_another_price_within_its_step()
    {
        var book = NewBook(seed: 7, companies: 3);
        for (var tick = 0; tick < 5_000; tick++)
        {
            var moved = book.Next();
            Assert.NotEmpty(moved);
            Assert.Equal(moved.Count, moved.DistinctBy(stock => stock.Symbol).Count());
            foreach (var stock in moved)
            {
                var before = book.Stocks.Single(s => s.Symbol == stock.Symbol);
                Assert.NotEqual(before.Price, stock.Price);
                Assert.InRange(Math.Abs(stock.Price - before.Price), 0.01m, Math.Max(0.01m, (before.Price * before.Volatility / 10_000) + 0.005m));
                Assert.Equal(Math.Round(stock.Price, 2), stock.Price);
                Assert.InRange(stock.Price, stock.DayLow, stock.DayHigh);
                Assert.Equal(before.DayOpen, stock.DayOpen);
            }

            book = book.After(moved);
        }
    }

    [Fact]
    public void Prices_stay_in_reach_of_where_they_began_however_long_the_market_goes_on()
    {
        var book = NewBook(seed: 1, companies: Companies.Own);
        for (var tick = 0; tick < 50_000; tick++)
        {
            book = book.After(book.Next());
            if (tick % 500 == 0)
                Assert.All(book.Stocks, stock => Assert.InRange(stock.Price, stock.FirstPrice / 4, stock.FirstPrice * 4));
        }
    }

    [Fact]
    public void The_lowest_price_is_a_cent_and_still_moves()
    {
        var stock = new WalkingStock("LOW", 0.01m, 30, 0.01m, 0.01m, 0.01m, 0.01m);
        var book = new MarketBook(Guid.Empty, 3, 0, [stock]);
        for (var tick = 0; tick < 2_000; tick++)
        {
            var moved = Assert.Single(book.Next());
            Assert.NotEqual(book.Stocks[0].Price, moved.Price);
            Assert.InRange(moved.Price, 0.01m, 1m);
            book = book.After([moved]);
        }
    }

    [Fact]
    public void The_same_seed_and_tick_lead_to_the_same_prices_whoever_goes_on()
    {
        var one = NewBook(seed: 42, companies: Companies.Own);
        var other = one;
        for (var tick = 0; tick < 200; tick++)
        {
            one = one.After(one.Next());

            // What a new leader knows is what is stored.
            other = new MarketBook(other.MarketId, other.Seed, other.Sequence, [.. other.Stocks.Select(stock => stock with { })]);
            other = other.After(other.Next());
        }

        Assert.Equal(one.Stocks, other.Stocks);
        var elsewhere = NewBook(seed: 43, companies: Companies.Own);
        Assert.NotEqual(NewBook(seed: 42, companies: Companies.Own).Next(), elsewhere.Next());
    }

    [Fact]
    public void It_goes_the_way_it_always_went()
    {
        var moved = NewBook(seed: 42, companies: 4).Next();
        Assert.Equal(NewBook(seed: 42, companies: 4).Next(), moved);
        Assert.Equal(Golden, string.Join(' ', moved.Select(stock => FormattableString.Invariant($"{stock.Symbol}={stock.Price}"))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Companies.Own)]
    [InlineData(Companies.Most)]
    public void Companies_are_as_many_as_asked_for_and_all_different(int count)
    {
        var companies = Companies.Take(count);
        Assert.Equal(count, companies.Count);
        Assert.Equal(count, companies.DistinctBy(c => c.Symbol).Count());
        Assert.Equal(count, companies.DistinctBy(c => c.Name).Count());
        Assert.Equal(Enumerable.Range(1, count), companies.Select(c => c.Rank));
        Assert.All(companies, c => Assert.Matches("^[A-Z]{2,5}$", c.Symbol));
        Assert.All(companies, c => Assert.InRange(c.FirstPrice, 1m, 1000m));
        Assert.All(companies, c => Assert.Equal(Math.Round(c.FirstPrice, 2), c.FirstPrice));
        Assert.All(companies, c => Assert.InRange(c.Volatility, 5, 50));
    }

    // A leader of a newer version goes on from an older one's prices; a walk that changes shows here.
    private const string Golden = "ACRN=84.09 CLDR=63.13 DRFT=18.43";

    private static MarketBook NewBook(long seed, int companies) => new(
        Guid.Empty,
        seed,
        0,
        [.. Companies.Take(companies).Select(c => new WalkingStock(c.Symbol, c.FirstPrice, c.Volatility, c.FirstPrice, c.FirstPrice, c.FirstPrice, c.FirstPrice))]);
}

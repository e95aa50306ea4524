using System.Diagnostics.Metrics;
using Hubbub.Server.Stocks;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Server.Tests.Stocks;

/// <summary>The market at a viewer's pace: what is left out, and that it is told.</summary>
public sealed class PriceStreamTests : IDisposable
{
    private static readonly string[] Symbols = ["AA", "BB", "CC"];

    private readonly CountedTimers _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MarketView _view;
    private readonly PriceStream _stream;
    private readonly StockMetrics _metrics;
    private MarketSnapshot _market;

    public PriceStreamTests()
    {
        _metrics = new StockMetrics(_services.GetRequiredService<IMeterFactory>());
        _view = new MarketView(_time);
        _stream = new PriceStream(_view, _metrics, _time);
        _market = NewMarket();
        _view.Show(_market);
    }

    [Fact]
    public async Task Begins_with_all_stocks_and_goes_on_with_those_that_change()
    {
        await using var viewer = _stream.ReadAsync(0, default).GetAsyncEnumerator();

        var first = await NextAsync(viewer);
        Assert.True(first.IsSnapshot);
        Assert.Equal((10, 0L, MarketState.Open), (first.Sequence, first.Conflated, first.MarketState));
        Assert.Equal(Symbols, first.Prices.Select(p => p.Symbol));

        Tick(("BB", 21m));
        var second = await NextAsync(viewer);
        Assert.False(second.IsSnapshot);
        Assert.Equal((11, 0L), (second.Sequence, second.Conflated));
        Assert.Equal(("BB", 21m, 11L), Assert.Single(second.Prices.Select(p => (p.Symbol, p.Price, p.Sequence))));

        var waiting = viewer.MoveNextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        Tick(("CC", 29m));
        Assert.True(await waiting.WaitAsync(Eventually.Patience));
        Assert.Equal("CC", Assert.Single(viewer.Current.Prices).Symbol);
    }

    [Fact]
    public async Task A_viewer_that_does_not_read_comes_back_to_the_latest_prices_in_one_item()
    {
        await using var viewer = _stream.ReadAsync(0, default).GetAsyncEnumerator();
        await NextAsync(viewer);

        for (var i = 1; i <= 100_000; i++)
            Tick((i % 2 == 0 ? "AA" : "BB", 10 + (i / 1000m)));

        var back = await NextAsync(viewer);
        Assert.Equal((100_010, 99_999L), (back.Sequence, back.Conflated));
        Assert.Equal([("AA", 110m, 100_010L), ("BB", 109.999m, 100_009L)], back.Prices.Select(p => (p.Symbol, p.Price, p.Sequence)));

        // Nothing is left behind it.
        var next = viewer.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        Tick(("CC", 1m));
        Assert.True(await next.WaitAsync(Eventually.Patience));
        Assert.Equal(0, viewer.Current.Conflated);
    }

    [Fact]
    public async Task Gives_at_most_as_many_items_a_second_as_were_asked_for_and_counts_what_it_folds()
    {
        await using var viewer = _stream.ReadAsync(5, default).GetAsyncEnumerator();
        await NextAsync(viewer);
        var folded = 0L;
        for (var second = 0; second < 3; second++)
        {
            for (var item = 0; item < 5; item++)
            {
                var next = viewer.MoveNextAsync().AsTask();
                for (var tick = 0; tick < 4; tick++)
                {
                    Tick(("AA", 11m + tick));
                    Assert.False(next.IsCompleted);
                    await Eventually.EqualAsync(1, () => Task.FromResult(_time.Waiting));
                    _time.Advance(TimeSpan.FromMilliseconds(tick < 3 ? 49 : 53));
                }

                Assert.True(await next.WaitAsync(Eventually.Patience));
                Assert.Equal(14m, Assert.Single(viewer.Current.Prices).Price);
                folded += viewer.Current.Conflated;
            }
        }

        // 60 ticks came in 15 items.
        Assert.Equal(45, folded);
        Assert.Equal(70, viewer.Current.Sequence);
    }

    [Fact]
    public async Task After_a_pause_without_ticks_the_next_one_comes_at_once()
    {
        await using var viewer = _stream.ReadAsync(1, default).GetAsyncEnumerator();
        await NextAsync(viewer);
        _time.Advance(TimeSpan.FromSeconds(10));
        var next = viewer.MoveNextAsync().AsTask();
        Tick(("AA", 12m));
        Assert.True(await next.WaitAsync(Eventually.Patience));
        Assert.Equal(0, _time.Waiting);
    }

    [Fact]
    public async Task Another_market_in_the_place_of_the_one_before_begins_with_all_stocks_again()
    {
        await using var viewer = _stream.ReadAsync(0, default).GetAsyncEnumerator();
        await NextAsync(viewer);

        _market = NewMarket();
        _view.Show(_market);
        var item = await NextAsync(viewer);
        Assert.True(item.IsSnapshot);
        Assert.Equal(3, item.Prices.Count);
    }

    [Fact]
    public async Task Ends_when_the_viewer_has_had_enough()
    {
        using var enough = new CancellationTokenSource();
        await using var viewer = _stream.ReadAsync(0, enough.Token).GetAsyncEnumerator();
        await NextAsync(viewer);
        var waiting = viewer.MoveNextAsync().AsTask();
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    private static async Task<PriceUpdate> NextAsync(IAsyncEnumerator<PriceUpdate> viewer)
    {
        Assert.True(await viewer.MoveNextAsync().AsTask().WaitAsync(Eventually.Patience));
        return viewer.Current;
    }

    private MarketSnapshot NewMarket() => new(
        Guid.NewGuid(),
        10,
        _time.GetUtcNow(),
        new MarketStatus(MarketState.Open, 10, 10, "a", 1),
        Symbols.Select(symbol => new Stock(new StockPrice(symbol, 10m, 10m, 10m, 10m, 10, _time.GetUtcNow()), symbol, "Test")));

    private void Tick((string Symbol, decimal Price) change)
    {
        var price = new StockPrice(change.Symbol, change.Price, 10m, change.Price, 10m, _market.Sequence + 1, _time.GetUtcNow());
        _market = _market.After([new MarketTick(_market.Sequence + 1, _time.GetUtcNow(), 1, [price])], _market.Status)!;
        _view.Show(_market);
    }
}

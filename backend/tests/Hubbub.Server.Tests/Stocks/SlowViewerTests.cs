using System.Text.Json;
using Hubbub.Server.Stocks;
using Hubbub.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Server.Tests.Stocks;

/// <summary>A browser that stops reading, with the network between it and the hub.</summary>
public sealed class SlowViewerTests
{
    private const int Ticks = 150;

    [Fact]
    public async Task What_the_network_does_not_take_is_folded_and_counted_and_the_end_is_the_latest_price()
    {
        // The market itself is still; the test moves what the replica shows, a hundred kilobytes at a time.
        await using var cluster = await StockCluster.StartAsync(1, new Settings { ["Stocks:TickInterval"] = "01:00:00", ["Stocks:Companies"] = "1000" });
        var view = cluster[0].Services.GetRequiredService<MarketView>();
        await Eventually.TrueAsync(() => Task.FromResult(view.Latest!.Status is { Term: > 0 } status && status.Published == status.Position && view.Latest.Sequence == 2));
        await using var hub = await cluster.WatchAsync(0);
        var stream = hub.Stream("StreamPrices", 0);
        await stream.WaitForAsync(i => i.Count == 1);

        var market = view.Latest!;
        var first = market.Sequence;
        using (hub.HoldReads())
        {
            for (var i = 1; i <= Ticks; i++)
            {
                var sequence = market.Sequence + 1;
                market = market.After([new MarketTick(sequence, market.TickedAt, 1, [.. market.Stocks.Select(s => s.ToPrice() with { Price = i, Sequence = sequence })])], market.Status)!;
                view.Show(market);

                // Time for the stream to send it, if it can.
                using var _ = await cluster[0].Http.GetAsync("/health/live");
            }
        }

        var items = await stream.WaitForAsync(i => SequenceOf(i[^1]) == first + Ticks);
        Assert.Equal(first + Ticks, first + items.Skip(1).Sum(i => 1 + i.GetProperty("conflated").GetInt64()));
        Assert.All(items[^1].GetProperty("prices").EnumerateArray(), p => Assert.Equal(Ticks, p.GetProperty("price").GetDecimal()));

        // It was the network that held it up, and not a queue that grew: a long stretch came in one.
        Assert.True(items.Max(i => i.GetProperty("conflated").GetInt64()) >= 50, string.Join(' ', items.Select(i => i.GetProperty("conflated").GetInt64())));
    }

    private static long SequenceOf(JsonElement item) => item.GetProperty("sequence").GetInt64();
}

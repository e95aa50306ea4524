using Hubbub.Server.Cluster.Leadership;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Stocks;

/// <summary>
/// Moves the market while this replica leads it. What a tick is depends on the ticks before alone, so whoever leads goes on where the last one
/// stopped; that a tick is stored depends on the term being the latest, so nobody else can.
/// </summary>
internal sealed class MarketLeader(
    LeaderElection election,
    MarketStore store,
    MarketView view,
    MarketPublication publication,
    StockMetrics metrics,
    IOptions<StockOptions> options,
    TimeProvider time) : BackgroundService
{
    /// <summary>The name of the office; the migration's functions ask for it.</summary>
    public const string Office = "market";

    // A limit that holds also when a clock has jumped; at 20 ticks a second it is more than an hour.
    private const long MostTicks = 100_000;
    private const int TrimmedRows = 500;
    private const int MostTrims = 4;
    private static readonly TimeSpan TrimEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    private long _trimmedAt;

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => election.HoldAsync(Office, GovernAsync, stoppingToken);

    private async Task GovernAsync(LeaderTerm term, CancellationToken cancellationToken)
    {
        metrics.IsLeader = true;
        try
        {
            await MoveAsync(term, cancellationToken);
        }
        finally
        {
            metrics.IsLeader = false;
        }
    }

    // Ends by itself when the term has ended, and throws when database or backplane cannot be reached: another replica may reach them.
    private async Task MoveAsync(LeaderTerm term, CancellationToken cancellationToken)
    {
        // What the last leader left unpublished comes first.
        var book = await store.BookAsync(cancellationToken);
        await publication.PublishWaitingAsync().WaitAsync(cancellationToken);

        // By monotonic time; a tick that is late is not made up for by two at once.
        using var timer = new PeriodicTimer(options.Value.TickInterval, time);
        do
        {
            var began = time.GetTimestamp();
            var latest = await view.ReadAsync(cancellationToken);
            if (latest.Status.State == MarketState.Open)
            {
                var (isInOffice, next) = await TickAsync(term, book, cancellationToken);
                if (!isInOffice)
                    return;
                if (next.Sequence == book.Sequence + 1)
                    metrics.Ticked(time.GetElapsedTime(began));
                book = next;
            }

            // A command whose replica died before it was told.
            latest = await view.ReadAsync(cancellationToken);
            if (Math.Max(latest.Status.Published, publication.Published) < latest.Status.Position)
                await publication.PublishWaitingAsync().WaitAsync(cancellationToken);
            await TrimAsync(term, latest.TickedAt, cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<(bool IsInOffice, MarketBook Book)> TickAsync(LeaderTerm term, MarketBook book, CancellationToken cancellationToken)
    {
        var moved = book.Next();
        var next = book.After(moved);

        // The wait ends with the term, the statement does not: whether it took effect is found out by whoever reads the book next.
        var result = await store.TickAsync(term, next.Sequence, time.GetUtcNow(), moved).WaitAsync(cancellationToken);
        switch (result.Outcome)
        {
            case TickOutcome.Deposed:
                return (false, book);
            case TickOutcome.Moved:
                return (true, await store.BookAsync(cancellationToken));
            case TickOutcome.Closed:
                return (true, book);
        }

        var prices = moved.Select(s => new StockPrice(s.Symbol, s.Price, s.DayOpen, s.DayHigh, s.DayLow, next.Sequence, result.TickedAt));

        // The next tick waits for this: a market that cannot tell its ticks does not run ahead of those who look at it.
        await publication.PublishAsync(book.MarketId, new MarketTick(next.Sequence, result.TickedAt, term.Number, [.. prices]), result.Position, result.Published)
            .WaitAsync(cancellationToken);
        return (true, next);
    }

    // A few rows at a time, so that no tick waits long for it.
    private async Task TrimAsync(LeaderTerm term, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_trimmedAt != 0 && time.GetElapsedTime(_trimmedAt) < TrimEvery)
            return;

        _trimmedAt = time.GetTimestamp();
        var before = now - TimeSpan.FromMinutes(options.Value.HistoryMinutes) - Slack;
        for (var i = 0; i < MostTrims && await store.TrimAsync(term, before, TrimmedRows, MostTicks, cancellationToken) > 0; i++)
        {
        }
    }
}

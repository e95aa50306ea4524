using System.Threading.Channels;
using Hubbub.Backplane;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>
/// Tells everybody how the statistics stand: woken by this replica's answers, and now and then in case another replica could not tell of
/// its own. Whoever of them holds the claim tells for all, everything that has come together since the last time.
/// </summary>
/// <remarks>
/// An update has no idempotency key. Should one be told twice because its teller died in between, its numbers are the same ones; and one that
/// came late, behind newer numbers, has to be followed by the present state even if that was told before.
/// </remarks>
internal sealed partial class StatisticsPublisher(
    IStatisticsPublication publication,
    QuizStatistics statistics,
    IHubContext<StatisticsHub, IStatisticsClient> hub,
    IOptions<QuizOptions> options,
    TimeProvider time,
    ILogger<StatisticsPublisher> logger) : BackgroundService
{
    private readonly Outage _outage = new(time);

    // One wake that waits is as good as many.
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Answers have been counted on this replica.</summary>
    public void Answered()
    {
        publication.Answered();
        Wake();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var check = time.CreateTimer(_ => Wake(), state: null, options.Value.CheckEvery, options.Value.CheckEvery);
        await foreach (var _ in _wakes.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await TellAllAsync(stoppingToken);
                _outage.End();
            }
            catch (Exception e) when (e is BackplaneUnavailableException or NpgsqlException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                // The claim runs out, and whoever looks next tells.
                var level = _outage.Fail();
                Log.Away(logger, level, e);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private void Wake() => _wakes.Writer.TryWrite(true);

    private async Task TellAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var claim = Guid.NewGuid();
            var turn = await publication.ClaimAsync(claim, options.Value.ClaimFor, cancellationToken);
            switch (turn.Outcome)
            {
                case "nothing":
                    return;
                case "wait":
                    await Task.Delay(turn.Wait, time, cancellationToken);
                    break;
                default:
                    var news = await statistics.ReadNewsAsync(turn.After!.Value, cancellationToken);
                    await hub.Clients.All.UpdateStatistics(news.Update);
                    await publication.ToldAsync(claim, turn.After.Value, news, options.Value.UpdateEvery, cancellationToken);
                    break;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "StatisticsWait", Message = "Statistics wait to be told: database or backplane is away")]
        public static partial void Away(ILogger logger, LogLevel level, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "Statistics could not be told", EventName = "StatisticsFailed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

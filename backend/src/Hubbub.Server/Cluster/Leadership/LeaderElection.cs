using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Hubbub.Server.Cluster.Leadership;

/// <summary>
/// Has exactly one replica do what only one may do, and another one go on when that one dies, freezes or is cut off. The lock decides who
/// may; the number of the term makes sure that nobody else writes (see <see cref="LeaderTerm"/>).
/// </summary>
internal sealed partial class LeaderElection(
    LeaderConnections connections,
    ReplicaIdentity replica,
    IHostApplicationLifetime lifetime,
    IOptions<LeadershipOptions> options,
    TimeProvider time,
    ILogger<LeaderElection> logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Tries to get an office, governs while it has it, and tries again afterwards, until it is told to stop.</summary>
    /// <param name="office">Its name.</param>
    /// <param name="govern">
    /// The work, begun anew for each term. Its token ends with the term; the office is left then, whether the work has ended or not. If it throws, this
    /// replica leaves the office for a moment, so that another one, which may be better off, can take it.
    /// </param>
    /// <param name="stoppingToken">Ends it; the office is left.</param>
    public async Task HoldAsync(string office, Func<LeaderTerm, CancellationToken, Task> govern, CancellationToken stoppingToken)
    {
        // A replica has no name for others before it listens.
        await ListeningAsync(stoppingToken);
        var isAway = false;
        var pause = options.Value.TryEvery * 2;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            LeaderTerm? term = null;
            try
            {
                await using var connection = await connections.OpenAsync(stoppingToken);
                term = await CampaignAsync(connection, office, stoppingToken);
                if (isAway)
                    Log.Back(logger, office);
                isAway = false;
                Log.Taken(logger, office, term.Number);
                began = time.GetTimestamp();
                await GovernAsync(connection, term, govern, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                if (term is not null)
                    Log.Left(logger, office, term.Number, e.Message, e);
                else if (!isAway)
                    Log.Away(logger, office, e);

                // An office that was lost with the database is one outage, not two.
                isAway = term is null || e is NpgsqlException or TimeoutException;
            }

            // A term that lasted, or an attempt that waited, has earned a quick next one.
            pause = time.GetElapsedTime(began) >= options.Value.Lease ? options.Value.TryEvery * 2 : Shorter(pause * 2, LongestPause);
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task ListeningAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stoppingToken);
    }

    private async Task<LeaderTerm> CampaignAsync(LeaderConnection connection, string office, CancellationToken stoppingToken)
    {
        while (true)
        {
            if (await connection.TakeAsync(office, replica.Name, stoppingToken) is { } number)
                return new LeaderTerm(office, number);
            await Task.Delay(options.Value.TryEvery, time, stoppingToken);
        }
    }

    private async Task GovernAsync(
        LeaderConnection connection, LeaderTerm term, Func<LeaderTerm, CancellationToken, Task> govern, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var keeping = KeepAsync(connection, term, end.Token);
        var governing = govern(term, end.Token);
        var first = await Task.WhenAny(keeping, governing);
        await end.CancelAsync();

        // The office is left before the work has ended: what it still writes is fenced, and whoever comes next need not wait.
        await Task.WhenAny(keeping, Task.Delay(options.Value.RenewEvery, time, CancellationToken.None));
        await connection.DisposeAsync();
        await governing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stoppingToken.ThrowIfCancellationRequested();
        if (first.Exception is { } failure)
            ExceptionDispatchInfo.Throw(failure.InnerException!);
        throw new InvalidOperationException(first == keeping ? "Somebody else has taken the office." : "The work came to an end.");
    }

    // Returns when the term has ended; throws when that is not known but has to be assumed.
    private async Task KeepAsync(LeaderConnection connection, LeaderTerm term, CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(options.Value.RenewEvery, time, cancellationToken);
        }
        while (await connection.RenewAsync(term, cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "This replica leads {Office} from now on, term {Term}", EventName = "OfficeTaken")]
        public static partial void Taken(ILogger logger, string office, long term);

        [LoggerMessage(2, LogLevel.Warning, "This replica no longer leads {Office}, term {Term}: {Reason}", EventName = "OfficeLeft")]
        public static partial void Left(ILogger logger, string office, long term, string reason, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "Nobody can be found to lead {Office}: the database is away", EventName = "OfficeAway")]
        public static partial void Away(ILogger logger, string office, Exception exception);

        [LoggerMessage(4, LogLevel.Information, "The database answers again about {Office}", EventName = "OfficeBack")]
        public static partial void Back(ILogger logger, string office);
    }
}

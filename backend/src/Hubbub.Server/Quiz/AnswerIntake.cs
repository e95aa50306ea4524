using System.Threading.Channels;
using Dapper;
using Npgsql;

namespace Hubbub.Server.Quiz;

/// <summary>
/// Takes answers, and with them the counters of the statistics. What comes in while a batch is on its way to the database is the next
/// batch: all answers change the same counters, and one after the other each of them would wait for a commit of its own.
/// </summary>
internal sealed partial class AnswerIntake(NpgsqlDataSource database, StatisticsPublisher publisher, ILogger<AnswerIntake> logger) : BackgroundService
{
    private const int MaxBatch = 200;
    private const int MaxWaiting = 4000;

    // Full means that the database does not keep up by far: who comes then is told to come again.
    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    // Taken from the queue and not fit for the batch it came for.
    private Waiting? _held;

    /// <summary>
    /// Stores an answer and counts it, or finds what the same person's answer with the same id has led to. There is no cancellation:
    /// who goes away in the middle has answered all the same.
    /// </summary>
    public async Task<QuizResult<AnswerOutcome>> TakeAsync(Answer answer)
    {
        var waiting = new Waiting(answer, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _queue.Writer.TryWrite(waiting) ? await waiting.Result.Task : QuizError.Unavailable;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (_held is not null || await _queue.Reader.WaitToReadAsync(stoppingToken))
                await TakeBatchAsync(NextBatch());
        }
        finally
        {
            // Requests end before this service does; whoever is left is not kept waiting.
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var late))
                late.Result.TrySetResult(QuizError.Unavailable);
        }
    }

    // Two answers with one id are for two batches: the second has to find the first.
    private List<Waiting> NextBatch()
    {
        var batch = new List<Waiting>();
        var ids = new HashSet<(Guid, string)>();
        while (batch.Count < MaxBatch && (_held ?? (_queue.Reader.TryRead(out var read) ? read : null)) is { } next)
        {
            _held = null;
            if (next.Answer.ClientAnswerId is { } id && !ids.Add((next.Answer.UserId, id)))
            {
                _held = next;
                break;
            }

            batch.Add(next);
        }

        return batch;
    }

    private async Task TakeBatchAsync(IReadOnlyList<Waiting> batch)
    {
        try
        {
            var hasTaken = false;
            foreach (var row in await StoreAsync(batch))
            {
                hasTaken |= row.Outcome == "taken";
                batch[(int)row.Place - 1].Result.TrySetResult(row.ToResult());
            }

            if (hasTaken)
                publisher.Answered();
        }
        catch (PostgresException e) when (!e.IsTransient && batch.Count > 1)
        {
            // Nothing is stored. One of them is to blame, and the others shall not suffer for it.
            Log.Split(logger, batch.Count, e);
            foreach (var one in batch)
                await TakeBatchAsync([one]);
        }
        catch (Exception e)
        {
            foreach (var one in batch)
                one.Result.TrySetException(e);
        }
    }

    private async Task<IEnumerable<Row>> StoreAsync(IReadOnlyList<Waiting> batch)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.QueryAsync<Row>(
            "select * from take_answers(@users, @questions, @options, @clientIds)",
            new
            {
                users = batch.Select(w => w.Answer.UserId).ToArray(),
                questions = batch.Select(w => w.Answer.QuestionId).ToArray(),
                options = batch.Select(w => w.Answer.OptionId).ToArray(),
                clientIds = batch.Select(w => w.Answer.ClientAnswerId).ToArray(),
            });
    }

    private sealed record Waiting(Answer Answer, TaskCompletionSource<QuizResult<AnswerOutcome>> Result);

    private sealed record Row(long Place, string Outcome, bool? IsCorrect, Guid? CorrectOptionId, string? Explanation)
    {
        public QuizResult<AnswerOutcome> ToResult() => Outcome switch
        {
            "taken" or "repeated" => new AnswerOutcome(IsCorrect!.Value, CorrectOptionId!.Value, Explanation!),
            "answer_id_used" => QuizError.AnswerIdUsed,
            "option_not_found" => QuizError.OptionNotFound,
            _ => QuizError.QuestionNotFound,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A batch of {Count} answers was refused; they are taken one by one", EventName = "AnswersSplit")]
        public static partial void Split(ILogger logger, int count, Exception exception);
    }
}

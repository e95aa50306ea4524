using System.Collections.Concurrent;
using System.IO.Pipelines;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>
/// Many commands at a time over one connection; replies come in the order of the commands, which is all that tells whose they are.
/// </summary>
/// <remarks>
/// A command that got no reply in time takes the whole connection with it. Those behind it would only wait in vain too, a new connection
/// may
/// lead to a server that answers, and no late reply can ever be taken for another's.
/// A caller that is cancelled merely stops waiting; its reply is awaited and dropped.
/// </remarks>
internal sealed class RespConnection : IAsyncDisposable
{
    private readonly RespTransport _transport;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<TaskCompletionSource<RespValue>> _waiting = new();
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _reading;
    private Exception? _failure;

    public RespConnection(RespTransport transport, int maxInFlight, TimeProvider time)
    {
        _transport = transport;
        _time = time;
        _places = new SemaphoreSlim(maxInFlight);
        _reading = Task.Run(ReadAsync);
    }

    public bool IsOpen => Volatile.Read(ref _failure) is null;

    /// <param name="write">Writes the command; called at most once, before the method gives up its thread for good.</param>
    /// <param name="timeout">For the wait until it can be sent, and again for the reply.</param>
    /// <param name="cancellationToken">Ends the wait; the command may have been sent.</param>
    /// <exception cref="MessageLogUnavailableException">The connection has ended or did so meanwhile.</exception>
    public async ValueTask<RespValue> ExecuteAsync(Action<PipeWriter> write, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(timeout, cancellationToken);
        var reply = new TaskCompletionSource<RespValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = SendAsync(write, reply);
        try
        {
            var value = await reply.Task.WaitAsync(timeout, _time, cancellationToken);
            await sending;
            return value;
        }
        catch (TimeoutException e)
        {
            var failure = new MessageLogUnavailableException($"Redis did not answer within {timeout}.", e);
            End(failure);
            throw failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        End(new ObjectDisposedException(nameof(RespConnection)));
        await _reading;
    }

    /// <summary>Waits for a place among the commands under way and for the turn to write.</summary>
    private async Task TakeTurnAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ended.Token, cancellationToken);
        try
        {
            await _places.WaitAsync(any.Token);
            try
            {
                await _turn.WaitAsync(any.Token);
            }
            catch
            {
                _places.Release();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Volatile.Read(ref _failure) is { } failure
                ? Unavailable(failure)
                : new MessageLogUnavailableException($"No command could be sent to Redis for {timeout}: too many are under way.");
        }
    }

    private async Task SendAsync(Action<PipeWriter> write, TaskCompletionSource<RespValue> reply)
    {
        try
        {
            _waiting.Enqueue(reply);
            if (IsOpen)
            {
                write(_transport.Output);

                // Without the caller's token: half a command would garble all that follow.
                await _transport.Output.FlushAsync(CancellationToken.None);
            }
            else
            {
                // It may have ended after its last look at the queue.
                FailWaiting();
            }
        }
        catch (Exception e)
        {
            End(e);
            FailWaiting();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var value = await _transport.ReadAsync(CancellationToken.None);
                if (!_waiting.TryDequeue(out var reply))
                    throw new RespProtocolException("Redis has sent a reply that nobody asked for.");
                _places.Release();

                // Once it has ended, others take from the queue too, and the next one in it need not be the one this reply is for.
                if (IsOpen)
                    reply.TrySetResult(value);
                else
                    Fail(reply);
            }
        }
        catch (Exception e)
        {
            End(e);
        }
    }

    private void End(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null)
            return;
        _transport.Dispose();
        _ended.Cancel();
        FailWaiting();
    }

    private void FailWaiting()
    {
        while (_waiting.TryDequeue(out var reply))
            Fail(reply);
    }

    private void Fail(TaskCompletionSource<RespValue> reply)
    {
        reply.TrySetException(Unavailable(_failure!));

        // Its caller may have been cancelled: without this look the failure would surface as an unobserved exception.
        _ = reply.Task.Exception;
    }

    private static MessageLogUnavailableException Unavailable(Exception failure) =>
        failure as MessageLogUnavailableException ?? new MessageLogUnavailableException("The connection to Redis has ended: " + failure.Message, failure);
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Publish;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.ClientResults;

/// <summary>
/// Calls to clients that want a result, also to clients of other replicas. The call and its result are records of the log; they are not
/// replayed. That nobody holds a connection, or that the replica holding it has died, shows when probes stay unanswered: they are
/// counted when this replica reads them back, so an outage of the store is not mistaken for a death.
/// </summary>
internal sealed partial class ClientCalls
{
    /// <summary>So many probes in a row without an answer, the call itself included, mean that nobody has the connection.</summary>
    private const int UnansweredProbes = 3;

    private readonly string _replicaId;
    private readonly BackplaneOptions _options;
    private readonly TimeProvider _time;
    private readonly WireSerializer _serializer;
    private readonly IHubProtocolResolver _protocols;
    private readonly Func<LogRecord, Task> _append;
    private readonly ILogger _logger;
    private readonly CallTable _calls = new();

    /// <param name="replicaId">This replica, to which results are addressed.</param>
    /// <param name="options">How often to probe.</param>
    /// <param name="time">The clock of probes.</param>
    /// <param name="serializer">Serialises calls.</param>
    /// <param name="protocols">Parse results that come from other replicas.</param>
    /// <param name="append">Stores a record; its kind, target and the like are given, the rest is filled in.</param>
    /// <param name="logger">Where failures that nobody waits for are written.</param>
    public ClientCalls(
        string replicaId,
        BackplaneOptions options,
        TimeProvider time,
        WireSerializer serializer,
        IHubProtocolResolver protocols,
        Func<LogRecord, Task> append,
        ILogger logger)
    {
        _replicaId = replicaId;
        _options = options;
        _time = time;
        _serializer = serializer;
        _protocols = protocols;
        _append = append;
        _logger = logger;
    }

    /// <summary>Calls a client and waits for its result.</summary>
    /// <param name="connectionId">The client's connection.</param>
    /// <param name="method">The client's method.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="deliverHere">Hands the call to the connection if it is on this replica; null if it is not.</param>
    /// <param name="ended">Fires when the connection, being on this replica, ends.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="IOException">The connection does not exist or ended before it answered.</exception>
    /// <exception cref="HubException">The client failed, its result is of another type, or the wait was cancelled.</exception>
    public async Task<T> InvokeAsync<T>(
        string connectionId,
        string method,
        object?[] args,
        Action<IReadOnlyList<WireMessage>>? deliverHere,
        CancellationToken ended,
        CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("n");
        var call = new PendingCall<T>(connectionId);
        _calls.Add(id, call);
        try
        {
            using var onEnd = ended.UnsafeRegister(_ => call.Fail(new IOException($"Connection '{connectionId}' disconnected.")), null);
            using var onCancel = cancellationToken.UnsafeRegister(_ => call.Fail(new HubException("Invocation canceled by the server.")), null);
            var messages = _serializer.Serialize(method, args, id);
            if (deliverHere is not null)
            {
                deliverHere(messages);
                return await call.Result;
            }

            // Whoever stops waiting need not wait for the store either.
            var stored = _append(Record(RecordKind.Invoke, id) with { Target = connectionId, Messages = messages });
            if (await Task.WhenAny(stored, call.Result) == stored)
                await stored;
            return await ProbeUntilDoneAsync(id, call);
        }
        finally
        {
            _calls.TryRemove(id, out _);
            if (deliverHere is null && cancellationToken.IsCancellationRequested)
                AppendInBackground(Record(RecordKind.InvokeCancel, id));
        }
    }

    /// <summary>The type to read a client's result as, for the hub's dispatcher.</summary>
    public bool TryGetResultType(string invocationId, [NotNullWhen(true)] out Type? type) => _calls.TryGetResultType(invocationId, out type);

    /// <summary>Takes a result from a client of this replica.</summary>
    /// <exception cref="InvalidOperationException">The call was made to another connection.</exception>
    public void SetResult(string connectionId, IHubProtocol? protocol, CompletionMessage completion)
    {
        var id = completion.InvocationId!;
        if (_calls.TryGet(id, out var call))
        {
            RequireSame(call.ConnectionId, connectionId, id);
            if (_calls.TryRemove(id, out call))
                call.Complete(completion);
        }
        else if (protocol is not null && _calls.TryRemoveForwarded(id, out var forwarded))
        {
            if (forwarded.ConnectionId != connectionId)
                _calls.Add(forwarded);
            RequireSame(forwarded.ConnectionId, connectionId, id);
            AppendResult(forwarded, protocol, completion);
        }
    }

    /// <summary>Fails what other replicas wait for from a connection that has ended.</summary>
    public void Disconnected(HubConnectionContext connection)
    {
        foreach (var call in _calls.RemoveForwardedTo(connection.ConnectionId))
            AppendResult(call, connection.Protocol, CompletionMessage.WithError(call.InvocationId, "Connection disconnected."));
    }

    /// <summary>A call of another replica is about to be handed to a connection of this one.</summary>
    public void TakeOver(LogRecord invoke)
    {
        _calls.Add(new ForwardedCall(invoke.InvocationId, invoke.Target, invoke.Origin));
        AppendInBackground(Record(RecordKind.InvokeAccepted, invoke.InvocationId) with { OnlyOn = invoke.Origin });
    }

    /// <summary>Takes a record about a call, other than the call itself when this replica holds its connection.</summary>
    public void Read(LogRecord record)
    {
        var id = record.InvocationId;
        switch (record.Kind)
        {
            case RecordKind.Invoke or RecordKind.InvokeProbe when record.Origin == _replicaId:
                CountProbe(id);
                break;
            case RecordKind.InvokeProbe when _calls.IsForwarded(id):
                AppendInBackground(Record(RecordKind.InvokeAccepted, id) with { OnlyOn = record.Origin });
                break;
            case RecordKind.InvokeAccepted when _calls.TryGet(id, out var accepted):
                accepted.Accepted();
                break;
            case RecordKind.InvokeResult when _calls.TryRemove(id, out var done):
                Complete(done, record.Messages);
                break;
            case RecordKind.InvokeCancel:
                _calls.TryRemoveForwarded(id, out _);
                break;
        }
    }

    private static void RequireSame(string expected, string connectionId, string invocationId)
    {
        if (expected != connectionId)
            throw new InvalidOperationException($"Connection ID '{connectionId}' is not valid for invocation ID '{invocationId}'.");
    }

    private LogRecord Record(RecordKind kind, string invocationId) =>
        new() { Kind = kind, Origin = _replicaId, InvocationId = invocationId, Tag = 0, Time = default };

    private async Task<T> ProbeUntilDoneAsync<T>(string id, PendingCall<T> call)
    {
        while (true)
        {
            using var soon = new CancellationTokenSource(_options.CallProbeInterval, _time);
            await ((Task)call.Result).WaitAsync(soon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (call.Result.IsCompleted)
                return await call.Result;
            AppendInBackground(Record(RecordKind.InvokeProbe, id));
        }
    }

    private void CountProbe(string id)
    {
        if (!_calls.TryGet(id, out var call) || call.Probed() <= UnansweredProbes || !_calls.TryRemove(id, out call))
            return;
        call.Fail(new IOException(call.IsAccepted
            ? $"The replica that held connection '{call.ConnectionId}' is gone."
            : $"Connection '{call.ConnectionId}' does not exist."));
    }

    private void Complete(PendingCall call, IReadOnlyList<WireMessage> messages)
    {
        try
        {
            var protocol = _protocols.AllProtocols.First(p => p.Name == messages[0].Protocol);
            var bytes = new ReadOnlySequence<byte>(messages[0].Bytes);
            if (protocol.TryParseMessage(ref bytes, new ResultBinder(call.ResultType), out var message) && message is CompletionMessage completion)
                call.Complete(completion);
            else
                call.Fail(new HubException("The result could not be read."));
        }
#pragma warning disable CA1031 // A protocol may throw anything at bytes that it does not like; the caller gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            call.Fail(new HubException("The result could not be read.", e));
        }
    }

    private void AppendResult(ForwardedCall call, IHubProtocol protocol, CompletionMessage completion)
    {
        AppendInBackground(Carrying(completion), () => Carrying(CompletionMessage.WithError(call.InvocationId, "The result is too large.")));

        LogRecord Carrying(CompletionMessage message) => Record(RecordKind.InvokeResult, call.InvocationId) with
        {
            OnlyOn = call.Caller,
            Messages = [new WireMessage(protocol.Name, protocol.GetMessageBytes(message))],
        };
    }

    /// <summary>
    /// Stores a record that nobody waits for: the hub's receive loop and the dispatcher must not stand still for the store. If it is lost the
    /// caller's probes find out.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="otherwise">Makes what is stored instead if no store takes the record.</param>
    private async void AppendInBackground(LogRecord record, Func<LogRecord>? otherwise = null)
    {
        try
        {
            await _append(record);
        }
        catch (BackplaneUnavailableException e)
        {
            // The outage itself is reported once, for all that it keeps from being stored.
            Log.NotStoredInOutage(_logger, record.Kind, record.InvocationId, e);
        }
        catch (ArgumentException e)
        {
            Log.NotStored(_logger, record.Kind, record.InvocationId, e);
            if (otherwise is not null)
                AppendInBackground(otherwise());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Kind} of the client call {InvocationId} could not be stored.", EventName = "CallRecordNotStored")]
        public static partial void NotStored(ILogger logger, RecordKind kind, string invocationId, Exception exception);

        [LoggerMessage(2, LogLevel.Debug, "{Kind} of the client call {InvocationId} could not be stored: the store is away.", EventName = "CallRecordNotStoredInOutage")]
        public static partial void NotStoredInOutage(ILogger logger, RecordKind kind, string invocationId, Exception exception);
    }
}

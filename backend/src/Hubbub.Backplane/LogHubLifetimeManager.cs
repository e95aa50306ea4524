using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Hubbub.Backplane.ClientResults;
using Hubbub.Backplane.Delivery;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Publish;
using Hubbub.Backplane.Reading;
using Hubbub.Backplane.Resuming;
using Hubbub.Backplane.Retention;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hubbub.Backplane;

/// <summary>
/// Makes a hub reach the connections of all replicas through an ordered log. A send completes when its record is stored; every replica
/// reads all records in the same order and hands each to those of its connections that it is for.
/// </summary>
/// <typeparam name="THub">The hub. Each hub has a stream of its own.</typeparam>
internal sealed class LogHubLifetimeManager<THub> : HubLifetimeManager<THub>, ILogPosition<THub>, IAsyncDisposable
    where THub : Hub
{
    private readonly BackplaneOptions _options;
    private readonly TimeProvider _time;
    private readonly WireSerializer _serializer;
    private readonly ConcurrentDictionary<string, ConnectionPump> _connections = new(StringComparer.Ordinal);
    private readonly string _replicaId = Guid.NewGuid().ToString("n");
    private readonly ClientCalls _calls;
    private readonly Dispatcher _dispatcher;
    private readonly LogReader _reader;
    private readonly Appender _appender;
    private readonly LogTrimmer _trimmer;
    private readonly MissedRecords _missed;
    private readonly ITimer _cursors;
    private readonly BackplaneMetrics _metrics;
    private readonly BackplaneStatus _status;
    private readonly string _stream;
    private readonly ILogger _logger;
    private int _isDisposed;

    public LogHubLifetimeManager(
        IMessageLog log,
        IHubProtocolResolver protocols,
        IOptions<HubOptions> forAllHubs,
        IOptions<HubOptions<THub>> forThisHub,
        IOptions<BackplaneOptions> options,
        BackplaneStatus status,
        BackplaneMetrics metrics,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _options = options.Value;
        _time = time;
        _serializer = new WireSerializer(protocols, forAllHubs.Value.SupportedProtocols, forThisHub.Value.SupportedProtocols);
        var logger = loggers.CreateLogger("Hubbub.Backplane");
        _metrics = metrics;
        _stream = _options.StreamPrefix + (typeof(THub).FullName ?? typeof(THub).Name);
        _calls = new ClientCalls(_replicaId, _options, time, _serializer, protocols, AppendAsync, logger);
        _dispatcher = new Dispatcher(_stream, _replicaId, _options, _calls, metrics, time, logger);
        var life = new StreamLife(_stream, log);
        // The appender calls the reader only once something has been sent.
        _appender = new Appender(_stream, log, _options, status, metrics, time, logger, life, tail => _reader!.Expect(tail));
        _reader = new LogReader(_stream, log, _options, status, metrics, time, logger, _dispatcher, life, _appender.BeginEpoch);
        _trimmer = new LogTrimmer(_stream, log, _options, time, logger);
        _missed = new MissedRecords(_stream, log, _options, _dispatcher.Recent, () => _dispatcher.Position ?? default);
        _cursors = time.CreateTimer(_ => _dispatcher.SendCursors(), null, _options.CursorInterval, _options.CursorInterval);
        _logger = logger;
        _status = status;
        status.Watch(_dispatcher.TellStore);
    }

    /// <inheritdoc />
    public string Current => _dispatcher.Position?.ToString() ?? "";

    /// <summary>Makes the connection addressable. It gets what is sent from now on.</summary>
    /// <exception cref="BackplaneUnavailableException">The store could not be reached since this replica started.</exception>
    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        await ReadyAsync(connection.ConnectionAborted);
        var request = ResumeRequest.From(connection);
        var pump = new ConnectionPump(connection, _options, request, _stream, _metrics, _time);
        await _dispatcher.AddAsync(pump, _appender.LastStored);
        _connections[connection.ConnectionId] = pump;
        if (request is not null)
            Hold(connection, pump, request);
    }

    /// <summary>Forgets the connection. Also called for one whose <see cref="OnConnectedAsync"/> failed.</summary>
    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (_connections.TryRemove(connection.ConnectionId, out var pump))
        {
            pump.Close();
            _dispatcher.Remove(pump);
            _calls.Disconnected(connection);
        }

        return Task.CompletedTask;
    }

    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendAsync(RecordKind.All, [""], methodName, args, [], cancellationToken);

    public override Task SendAllExceptAsync(
        string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default) =>
        SendAsync(RecordKind.All, [""], methodName, args, excludedConnectionIds, cancellationToken);

    public override Task SendConnectionAsync(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        return SendAsync(RecordKind.Connection, [connectionId], methodName, args, [], cancellationToken);
    }

    public override Task SendConnectionsAsync(
        IReadOnlyList<string> connectionIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendAsync(RecordKind.Connection, connectionIds, methodName, args, [], cancellationToken);

    public override Task SendGroupAsync(string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendGroupExceptAsync(groupName, methodName, args, [], cancellationToken);

    public override Task SendGroupExceptAsync(
        string groupName,
        string methodName,
        object?[] args,
        IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(groupName);
        return SendAsync(RecordKind.Group, [groupName], methodName, args, excludedConnectionIds, cancellationToken);
    }

    /// <summary>Sends to each group; a connection in two of them gets the message twice, as with SignalR's own manager.</summary>
    public override Task SendGroupsAsync(
        IReadOnlyList<string> groupNames, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendAsync(RecordKind.Group, groupNames, methodName, args, [], cancellationToken);

    public override Task SendUserAsync(string userId, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return SendAsync(RecordKind.User, [userId], methodName, args, [], cancellationToken);
    }

    public override Task SendUsersAsync(
        IReadOnlyList<string> userIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendAsync(RecordKind.User, userIds, methodName, args, [], cancellationToken);

    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        ChangeGroupAsync(RecordKind.Join, connectionId, groupName, cancellationToken);

    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        ChangeGroupAsync(RecordKind.Leave, connectionId, groupName, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="IOException">The connection does not exist on any replica, or ended before it answered.</exception>
    /// <exception cref="HubException">The client failed, answered with another type, or the wait was cancelled.</exception>
    public override Task<T> InvokeConnectionAsync<T>(string connectionId, string methodName, object?[] args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        if (!_connections.TryGetValue(connectionId, out var pump))
            return _calls.InvokeAsync<T>(connectionId, methodName, args, null, CancellationToken.None, cancellationToken);

        return _calls.InvokeAsync<T>(
            connectionId,
            methodName,
            args,
            messages => _dispatcher.Deliver(pump, new DeliverableMessage(messages), _appender.LastStored),
            pump.Ended,
            cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The call was made to another connection.</exception>
    public override Task SetConnectionResultAsync(string connectionId, CompletionMessage result)
    {
        _calls.SetResult(connectionId, _connections.GetValueOrDefault(connectionId)?.Protocol, result);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override bool TryGetReturnType(string invocationId, [NotNullWhen(true)] out Type? type) =>
        _calls.TryGetResultType(invocationId, out type);

    /// <summary>Stores what is queued, then stops reading and delivering.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
            return;
        _status.Unwatch(_dispatcher.TellStore);
        await _appender.DisposeAsync();
        await _cursors.DisposeAsync();
        await _trimmer.DisposeAsync();
        await _reader.DisposeAsync();
        await _dispatcher.DisposeAsync();
        _missed.Dispose();
    }

    /// <summary>Leaves the rest to <see cref="ResumeFilter"/>, and ends the connection that this one replaces, wherever it is.</summary>
    private void Hold(HubConnectionContext connection, ConnectionPump pump, ResumeRequest request)
    {
        connection.Features.Set<IPendingResume>(
            new PendingResume(connection, pump, request, _dispatcher, _missed, () => _appender.LastStored, _replicaId, _stream, _metrics, _logger));
        if (request.Previous.Length > 0 && request.Previous != connection.ConnectionId && connection.UserIdentifier is { } user)
            _ = ReplaceAsync(NewRecord(RecordKind.Replaced, request.Previous) with { User = user });
    }

    private async Task ReplaceAsync(LogRecord record)
    {
        // A courtesy: without it the old connection ends when its keep-alive does.
        await AppendAsync(record, default).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        if (_reader.Opened.IsCompletedSuccessfully)
            return;
        try
        {
            await _reader.Opened.WaitAsync(_options.PublishBudget, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new BackplaneUnavailableException("The backplane's store has not been reached yet.", e);
        }
    }

    private Task SendAsync(
        RecordKind kind,
        IReadOnlyList<string> targets,
        string method,
        object?[] args,
        IReadOnlyList<string> excluded,
        CancellationToken cancellationToken)
    {
        if (targets.Count == 0)
            return Task.CompletedTask;
        return BackplaneTracing.IsOn
            ? SendTracedAsync(kind, targets, method, args, excluded, cancellationToken)
            : SendAsync(kind, targets, method, args, excluded, null, cancellationToken);
    }

    private async Task SendTracedAsync(
        RecordKind kind,
        IReadOnlyList<string> targets,
        string method,
        object?[] args,
        IReadOnlyList<string> excluded,
        CancellationToken cancellationToken)
    {
        using var send = BackplaneTracing.StartSend(_stream, kind, targets.Count);
        try
        {
            await SendAsync(kind, targets, method, args, excluded, TraceContext.Write(send), cancellationToken);
        }
        catch (Exception e)
        {
            send?.SetTag("error.type", e.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    private Task SendAsync(
        RecordKind kind,
        IReadOnlyList<string> targets,
        string method,
        object?[] args,
        IReadOnlyList<string> excluded,
        byte[]? traceContext,
        CancellationToken cancellationToken)
    {
        var key = args.OfType<IIdempotentPayload>().FirstOrDefault()?.IdempotencyKey;
        var messages = _serializer.Serialize(method, args.Any(a => a is SentOnce) ? [.. args.Where(a => a is not SentOnce)] : args);
        var records = new NewRecord[targets.Count];
        for (var i = 0; i < records.Length; i++)
        {
            var target = targets[i];
            var record = NewRecord(kind, target) with
            {
                // A connection of this replica gets it from this replica alone: another may know the same id from before it moved here.
                OnlyOn = kind == RecordKind.Connection && _connections.ContainsKey(target) ? _replicaId : "",
                Excluded = excluded,
                Messages = messages,
                TraceContext = traceContext,
            };
            records[i] = new NewRecord(RecordCodec.Encode(record), key is null ? null : $"{(int)kind}:{target}:{key}");
        }

        return _appender.AppendAsync(records, cancellationToken);
    }

    /// <summary>
    /// A connection of this replica changes groups here, behind what this replica has sent so far: whatever anyone sends after this
    /// call gets a later place in the log, so no store needs to know. A connection of another replica changes by a record.
    /// </summary>
    private Task ChangeGroupAsync(RecordKind kind, string connectionId, string group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        ArgumentNullException.ThrowIfNull(group);
        if (!_connections.ContainsKey(connectionId))
        {
            var record = NewRecord(kind, connectionId) with { Group = group };
            return AppendAsync(record, cancellationToken);
        }

        if (kind == RecordKind.Join)
            _dispatcher.Join(connectionId, group, _appender.LastStored);
        else
            _dispatcher.Leave(connectionId, group, _appender.LastStored);
        return Task.CompletedTask;
    }

    private Task AppendAsync(LogRecord record) => AppendAsync(record with { Tag = NewTag(), Time = _time.GetUtcNow() }, default);

    private Task AppendAsync(LogRecord record, CancellationToken cancellationToken) =>
        _appender.AppendAsync([new NewRecord(RecordCodec.Encode(record), null)], cancellationToken);

    private LogRecord NewRecord(RecordKind kind, string target) => new()
    {
        Kind = kind,
        Tag = NewTag(),
        Time = _time.GetUtcNow(),
        Origin = _replicaId,
        Target = target,
    };

#pragma warning disable CA5394 // A tag need not be unpredictable, only unlikely to repeat.
    private static uint NewTag() => (uint)Random.Shared.NextInt64(uint.MaxValue);
#pragma warning restore CA5394
}

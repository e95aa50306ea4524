using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>Redis through StackExchange.Redis: one script call for each operation, on the server that holds the stream's keys.</summary>
internal sealed class StackExchangeServer : IRedisServer
{
    private const int TrimRecords = 10_000;
    private const CommandFlags Flags = CommandFlags.DemandMaster;

    private readonly RedisLogOptions _options;
    private readonly RedisConnection _connection;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public StackExchangeServer(RedisLogOptions options, RedisConnection connection, TimeProvider time, ILogger logger)
    {
        _options = options;
        _connection = connection;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc />
    public async ValueTask<LogExtent> OpenAsync(RedisKeys keys, CancellationToken cancellationToken) =>
        Extent(await EvaluateAsync(RedisScripts.Open, keys, [LogExtent.NewEpoch()], cancellationToken));

    /// <inheritdoc />
    public async ValueTask<AppendResult> AppendAsync(RedisKeys keys, AppendBatch batch, CancellationToken cancellationToken)
    {
        // Only a connection knows what stands before the names of its channels.
        await _connection.GetAsync(cancellationToken);
        var arguments = new RedisValue[6 + (2 * batch.Records.Count)];
        arguments[0] = LogExtent.NewEpoch();
        arguments[1] = _connection.ChannelPrefix + keys.Channel;
        arguments[2] = batch.ProducerId;
        arguments[3] = batch.Sequence;
        arguments[4] = batch.Epoch;
        arguments[5] = batch.Incarnation;
        for (var i = 0; i < batch.Records.Count; i++)
        {
            var record = batch.Records[i];
            arguments[6 + (2 * i)] = record.Body;
            arguments[7 + (2 * i)] = record.Key ?? "";
        }

        var reply = await EvaluateAsync(RedisScripts.Append, keys, arguments, cancellationToken);
        return new AppendResult(Extent(reply), StoredAll: (long)reply[4] == batch.Records.Count);
    }

    /// <inheritdoc />
    public async ValueTask<LogSlice> ReadAsync(RedisKeys keys, long after, int maxRecords, CancellationToken cancellationToken)
    {
        var reply = await EvaluateAsync(
            RedisScripts.Read, keys, [LogExtent.NewEpoch(), after, maxRecords, LogArguments.MaxReadBytes], cancellationToken);

        var start = (long)reply[4];
        var entries = new LogEntry[reply.Length - 5];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new LogEntry(start + i, (byte[])reply[5 + i]!);
        return new LogSlice(Extent(reply), entries);
    }

    /// <inheritdoc />
    public async ValueTask<bool> TrimAsync(RedisKeys keys, long upTo, CancellationToken cancellationToken)
    {
        var reply = await EvaluateAsync(
            RedisScripts.Trim, keys, [LogExtent.NewEpoch(), upTo, TrimRecords, (long)_options.ProducerLifetime.TotalSeconds], cancellationToken);
        return (long)reply == 1;
    }

    /// <inheritdoc />
    public async ValueTask<LogExtent> ReplaceEpochAsync(RedisKeys keys, string expectedEpoch, CancellationToken cancellationToken) =>
        Extent(await EvaluateAsync(RedisScripts.ReplaceEpoch, keys, [LogExtent.NewEpoch(), expectedEpoch], cancellationToken));

    /// <inheritdoc />
    public IDisposable Subscribe(RedisKeys keys, Action<LogNotice> notify) =>
        new RedisSubscription(_connection, keys.Channel, notify, _options.CommandTimeout, _time, _logger);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<RedisResult> EvaluateAsync(RedisScript script, RedisKeys keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var multiplexer = await _connection.GetAsync(cancellationToken);
        var generation = _connection.Generation;
        try
        {
            var database = multiplexer.GetDatabase();
            try
            {
                return await database.ScriptEvaluateAsync(script.Digest, keys.All, arguments, Flags).WaitAsync(_options.CommandTimeout, _time, cancellationToken);
            }
            catch (RedisServerException e) when (e.Kind == RedisErrorKind.NoScript)
            {
                // The server keeps scripts until it restarts or is told to forget them.
                return await database.ScriptEvaluateAsync(script.Text, keys.All, arguments, Flags | CommandFlags.NoScriptCache)
                    .WaitAsync(_options.CommandTimeout, _time, cancellationToken);
            }
        }
        catch (TimeoutException e)
        {
            // Those behind it would only wait in vain too, and a new connection may lead to a server that answers.
            _connection.GiveUp(generation);
            throw new MessageLogUnavailableException($"Redis did not answer within {_options.CommandTimeout}.", e);
        }
        catch (RedisServerException e) when (RedisFailure.IsTemporary(e))
        {
            // After a fail-over the name may already lead to another server, and a new password wants a new sign-in.
            if (e.Kind is RedisErrorKind.ReadOnly or RedisErrorKind.NoAuth)
                _connection.GiveUp(generation);
            throw new MessageLogUnavailableException("Redis cannot do it now: " + e.Message, e);
        }
        catch (Exception e) when (RedisFailure.IsOfConnection(e))
        {
            throw _connection.Unavailable(e);
        }
    }

    private static LogExtent Extent(RedisResult reply) => new((string)reply[0]!, (long)reply[1], (long)reply[2], (string)reply[3]!);
}

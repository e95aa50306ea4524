using System.Globalization;
using Hubbub.Backplane.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Hubbub.Backplane.Stores.Postgres;

/// <summary>The log in PostgreSQL 14 or newer, in a schema of its own; one round trip an append, one a read.</summary>
/// <remarks>
/// <para>An append that has returned survives a crash of the server, as long as <c>fsync</c> and <c>synchronous_commit</c> are on (they
/// are by
/// default). A standby that takes over may lack the last records unless replication is synchronous; the stream then has a new epoch.
/// A data directory set back by a copy of its files, without recovery from an archive, cannot be told from a restart.</para>
/// <para>It needs a direct connection, or a pooler in session mode: LISTEN and prepared statements belong to a session.
/// The role needs no privilege beyond creating the schema, or owning one that is there and empty.</para>
/// <para>The bytes of a batch are not to be changed after a call has failed either: it may still be on its way for one time-out.</para>
/// </remarks>
internal sealed class PostgresMessageLog : IMessageLog
{
    private const int SweepRecords = 1000;
    private const int MaxReadAttempts = 3;

    private readonly PostgresLogOptions _options;
    private readonly PostgresCalls _calls;
    private readonly PostgresDoorbell _doorbell;
    private readonly string _openSql;
    private readonly string _appendSql;
    private readonly string _readSql;
    private readonly string _trimSql;
    private readonly string _sweepSql;
    private readonly string _replaceEpochSql;

    public PostgresMessageLog(
        NpgsqlDataSource source, IOptions<PostgresLogOptions> options, TimeProvider time, ILogger<PostgresMessageLog> logger)
    {
        _options = options.Value;
        _calls = new PostgresCalls(source, _options, time, logger);
        _doorbell = new PostgresDoorbell(source, _options, time, logger);

        var schema = _options.Schema;
        _openSql = $"select * from {schema}.open($1, $2)";
        _appendSql = $"select * from {schema}.append($1, $2, $3, $4, $5, $6, $7)";
        _readSql = $"select * from {schema}.read($1, $2, $3, $4)";
        _trimSql = $"select 1 from {schema}.trim($1, $2, $3, $4)";
        _sweepSql = $"select {schema}.sweep($1, $2)";
        _replaceEpochSql = $"select * from {schema}.replace_epoch($1, $2, $3)";
    }

    /// <inheritdoc />
    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        return _calls.RunAsync(new NpgsqlCommand(_openSql) { Parameters = { Text(stream), NewEpoch() } }, ReadExtentAsync, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        LogArguments.CheckBatch(batch);
        if (batch.Incarnation.Length > 0)
            return new AppendResult(await OpenAsync(stream, cancellationToken), StoredAll: false);

        var bodies = new ReadOnlyMemory<byte>[batch.Records.Count];
        string?[]? keys = null;
        for (var i = 0; i < bodies.Length; i++)
        {
            var record = batch.Records[i];
            bodies[i] = record.Body;
            if (record.Key is not null)
                (keys ??= new string?[bodies.Length])[i] = record.Key;
        }

        var command = new NpgsqlCommand(_appendSql)
        {
            Parameters =
            {
                Text(stream),
                NewEpoch(),
                Text(batch.ProducerId),
                Number(batch.Sequence),
                new NpgsqlParameter<ReadOnlyMemory<byte>[]> { TypedValue = bodies, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new NpgsqlParameter { Value = (object?)keys ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                Text(batch.Epoch),
            },
        };

        // The function does not report which records were there already.
        return new AppendResult(await _calls.RunAsync(command, ReadExtentAsync, cancellationToken), StoredAll: false);
    }

    /// <inheritdoc />
    public async ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        maxRecords = LogArguments.CheckMaxRecords(maxRecords);
        after = Math.Max(after, 0);

        for (var attempt = 0; attempt < MaxReadAttempts; attempt++)
        {
            var command = new NpgsqlCommand(_readSql)
            {
                Parameters =
                {
                    Text(stream),
                    Number(after),
                    new NpgsqlParameter<int> { TypedValue = maxRecords },
                    Number(LogArguments.MaxReadBytes),
                },
            };
            if (await _calls.RunAsync(command, ReadSliceAsync, cancellationToken) is { } slice)
                return slice;

            // Not there yet, or not yet confirmed since the server has started.
            await OpenAsync(stream, cancellationToken);
        }

        throw new MessageLogUnavailableException("The stream does not stay open: PostgreSQL keeps restarting, or connections reach different servers.");
    }

    /// <inheritdoc />
    public async ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        var trim = new NpgsqlCommand(_trimSql)
        {
            Parameters =
            {
                Text(stream),
                NewEpoch(),
                Number(Math.Max(upTo, 0)),
                new NpgsqlParameter<TimeSpan> { TypedValue = _options.ProducerLifetime, NpgsqlDbType = NpgsqlDbType.Interval },
            },
        };
        await _calls.RunAsync(trim, ReadInt32Async, cancellationToken);

        int hasMore;
        do
        {
            // In steps, each well within the time-out.
            var sweep = new NpgsqlCommand(_sweepSql) { Parameters = { Text(stream), new NpgsqlParameter<int> { TypedValue = SweepRecords } } };
            hasMore = await _calls.RunAsync(sweep, ReadInt32Async, cancellationToken);
        }
        while (hasMore == 1);
    }

    /// <inheritdoc />
    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken)
    {
        LogArguments.CheckStream(stream);
        var command = new NpgsqlCommand(_replaceEpochSql) { Parameters = { Text(stream), NewEpoch(), Text(expectedEpoch) } };
        return _calls.RunAsync(command, ReadExtentAsync, cancellationToken);
    }

    /// <inheritdoc />
    public IDisposable Subscribe(string stream, Action<LogNotice> notify)
    {
        LogArguments.CheckStream(stream);
        return _doorbell.Subscribe(stream, notify);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _calls.Dispose();
        await _doorbell.DisposeAsync();
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };

    private static NpgsqlParameter<string> NewEpoch() => Text(LogExtent.NewEpoch());

    private static async Task<LogExtent> ReadExtentAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync();
        return new LogExtent(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private static async Task<int> ReadInt32Async(NpgsqlDataReader reader)
    {
        await reader.ReadAsync();
        return reader.GetInt32(0);
    }

    private static async Task<LogSlice?> ReadSliceAsync(NpgsqlDataReader reader)
    {
        if (!await reader.ReadAsync())
            return null;

        var extent = new LogExtent(reader.GetString(2), First: reader.GetInt64(3), Tail: reader.GetInt64(0));
        var entries = new List<LogEntry>();
        while (await reader.ReadAsync())
        {
            var offset = reader.GetInt64(0);
            if (entries.Count > 0 && offset != entries[^1].Offset + 1)
            {
                // Only a hand in the table can do this. Saying nothing would be a silent loss.
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture, $"The log has a hole before offset {offset}: its records were changed from outside."));
            }

            entries.Add(new LogEntry(offset, reader.GetFieldValue<byte[]>(1)));
        }

        return new LogSlice(extent, entries);
    }
}

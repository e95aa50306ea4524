using Hubbub.Backplane.Delivery;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Resuming;

/// <summary>Finds what a connection has missed: in memory if it was away for a short time, else in the store.</summary>
internal sealed class MissedRecords(string stream, IMessageLog log, BackplaneOptions options, RecentRecords recent, Func<LogCursor> position)
    : IDisposable
{
    /// <summary>So many clients are served from the store at a time; the others wait their turn, so that a storm does not drown the live flow.</summary>
    private const int MaxStoreReaders = 4;

    private readonly SemaphoreSlim _storeReaders = new(MaxStoreReaders, MaxStoreReaders);

    /// <summary>True if there are more records between the two than one resume may go through.</summary>
    public bool IsTooFar(long after, long upTo) => upTo - after > options.MaxReplayRecords;

    /// <summary>True if the cursor is one that the store has given but this replica has not read yet.</summary>
    public async ValueTask<bool> IsAheadAsync(LogCursor cursor, CancellationToken cancellationToken)
    {
        var here = position();
        if (cursor.Epoch != here.Epoch || cursor.Offset <= here.Offset)
            return false;
        var extent = await log.OpenAsync(stream, cancellationToken);
        return extent.Epoch == cursor.Epoch && cursor.Offset <= extent.Tail;
    }

    /// <summary>
    /// The records after <paramref name="after"/>, up to and including <paramref name="upTo"/>, that the connection is entitled to. Null
    /// if some of them are no longer kept, or if they are too large to replay.
    /// </summary>
    public async Task<IReadOnlyList<LogItem>?> FindAsync(long after, LogCursor upTo, Entitlement entitlement, CancellationToken cancellationToken)
    {
        if (recent.TryGet(after, upTo.Offset, out var items))
            return [.. items.Where(item => entitlement.Covers(item.Record))];

        await _storeReaders.WaitAsync(cancellationToken);
        try
        {
            return await FindInStoreAsync(after, upTo, entitlement, cancellationToken);
        }
        finally
        {
            _storeReaders.Release();
        }
    }

    public void Dispose() => _storeReaders.Dispose();

    private async Task<List<LogItem>?> FindInStoreAsync(long after, LogCursor upTo, Entitlement entitlement, CancellationToken cancellationToken)
    {
        var found = new List<LogItem>();
        var bytes = 0L;
        while (after < upTo.Offset)
        {
            var slice = await log.ReadAsync(stream, after, options.MaxReadRecords, cancellationToken);
            if (slice.Extent.Epoch != upTo.Epoch || slice.Entries.Count == 0 || slice.Entries[0].Offset != after + 1)
                return null;

            foreach (var entry in slice.Entries)
            {
                if (entry.Offset > upTo.Offset)
                    return found;
                after = entry.Offset;
                if (RecordCodec.TryDecode(entry.Body) is not { } record || !entitlement.Covers(record))
                    continue;
                found.Add(new LogItem(record, upTo with { Offset = entry.Offset }));
                bytes += entry.Body.Length;
                if (bytes > options.MaxReplayBytes)
                    return null;
            }
        }

        return found;
    }
}

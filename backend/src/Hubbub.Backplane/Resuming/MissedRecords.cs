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

    /// <summary>The same place with the tag of its record, as far as it is known here.</summary>
    public LogCursor WithTag(LogCursor cursor) => cursor.Tag is null ? cursor with { Tag = recent.TagAt(cursor.Offset) } : cursor;

    /// <summary>
    /// The records after <paramref name="after"/>, up to and including <paramref name="upTo"/>, that the connection is entitled to. If the
    /// place to begin at names its record by a tag, that record is compared first.
    /// </summary>
    public async Task<Missed> FindAsync(LogCursor after, LogCursor upTo, Entitlement entitlement, CancellationToken cancellationToken)
    {
        var tag = after.Offset == upTo.Offset ? upTo.Tag : recent.TagAt(after.Offset);
        if (after.Tag is not null && tag is not null && tag != after.Tag)
            return Missed.Not(Resumption.Epoch);
        if ((after.Tag is null || tag is not null) && recent.TryGet(after.Offset, upTo.Offset, out var items))
            return new Missed([.. items.Where(item => entitlement.Covers(item.Record))], null);

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

    private async Task<Missed> FindInStoreAsync(LogCursor after, LogCursor upTo, Entitlement entitlement, CancellationToken cancellationToken)
    {
        var found = new List<LogItem>();
        var bytes = 0L;

        // The record at the place to begin at is read along, to be compared.
        var last = after.Tag is null ? after.Offset : after.Offset - 1;
        while (last < upTo.Offset)
        {
            var slice = await log.ReadAsync(stream, last, options.MaxReadRecords, cancellationToken);
            if (slice.Extent.Epoch != upTo.Epoch)
                return Missed.Not(Resumption.Epoch);
            if (slice.Entries.Count == 0 || slice.Entries[0].Offset != last + 1)
                return Missed.Not(Resumption.Trimmed);

            foreach (var entry in slice.Entries)
            {
                if (entry.Offset > upTo.Offset)
                    return new Missed(found, null);
                last = entry.Offset;
                if (entry.Offset == after.Offset)
                {
                    if (RecordCodec.TagOf(entry.Body) != after.Tag)
                        return Missed.Not(Resumption.Epoch);
                    continue;
                }

                if (RecordCodec.TryDecode(entry.Body) is not { } record || !entitlement.Covers(record))
                    continue;
                found.Add(new LogItem(record, upTo with { Offset = entry.Offset, Tag = record.Tag }));
                bytes += entry.Body.Length;
                if (bytes > options.MaxReplayBytes)
                    return Missed.Not(Resumption.Trimmed);
            }
        }

        return new Missed(found, null);
    }
}

/// <summary>What a connection has missed.</summary>
/// <param name="Items">The records, in order; empty if they cannot be replayed.</param>
/// <param name="WhyNot">Why they cannot, as <see cref="Resumption.Reason"/> says it; null if they can.</param>
internal sealed record Missed(IReadOnlyList<LogItem> Items, string? WhyNot)
{
    public static Missed Not(string reason) => new([], reason);
}

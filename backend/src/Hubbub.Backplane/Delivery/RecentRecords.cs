using System.Diagnostics.CodeAnalysis;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// The last records of the stream, kept in memory so that many clients that come back at the same time are served without the store. Bounded by
/// bytes. Consecutive by construction: the dispatcher adds every record it hands out.
/// </summary>
internal sealed class RecentRecords(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<(LogItem Item, int Bytes)> _items = new();
    private long _bytes;

    /// <summary>The place right before the first of them.</summary>
    private LogCursor _behind;

    public void Add(LogItem item, int bytes)
    {
        lock (_gate)
        {
            _items.Enqueue((item, bytes));
            _bytes += bytes;
            while (_bytes > maxBytes && _items.Count > 1)
            {
                var oldest = _items.Dequeue();
                _bytes -= oldest.Bytes;
                _behind = oldest.Item.Cursor;
            }
        }
    }

    /// <summary>Forgets all of them; the next one comes right after this place.</summary>
    public void Clear(LogCursor behind)
    {
        lock (_gate)
        {
            _behind = behind;
            _items.Clear();
            _bytes = 0;
        }
    }

    /// <summary>The records after <paramref name="after"/> up to and including <paramref name="upTo"/>, if all of them are here.</summary>
    public bool TryGet(long after, long upTo, [NotNullWhen(true)] out LogItem[]? items)
    {
        items = null;
        if (upTo == after)
        {
            items = [];
            return true;
        }

        lock (_gate)
        {
            if (!_items.TryPeek(out var first) || first.Item.Cursor.Offset > after + 1)
                return false;
            items = [.. _items.Select(i => i.Item).SkipWhile(i => i.Cursor.Offset <= after).TakeWhile(i => i.Cursor.Offset <= upTo)];
            return items.Length == upTo - after;
        }
    }

    /// <summary>The tag of the record at this offset; null if it is not known here.</summary>
    public uint? TagAt(long offset)
    {
        lock (_gate)
        {
            if (offset == _behind.Offset)
                return _behind.Tag;
            return _items.TryPeek(out var first) && offset >= first.Item.Cursor.Offset
                ? _items.Select(i => i.Item.Cursor).FirstOrDefault(cursor => cursor.Offset == offset).Tag
                : null;
        }
    }
}

using System.Diagnostics.CodeAnalysis;

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

    public void Add(LogItem item, int bytes)
    {
        lock (_gate)
        {
            _items.Enqueue((item, bytes));
            _bytes += bytes;
            while (_bytes > maxBytes && _items.Count > 1)
                _bytes -= _items.Dequeue().Bytes;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
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
}

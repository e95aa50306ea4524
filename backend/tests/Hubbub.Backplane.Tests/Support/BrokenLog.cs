using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>How a store can break its promise.</summary>
public enum Breach
{
    /// <summary>A record is accepted and never stored.</summary>
    Drops,

    /// <summary>A record is stored twice.</summary>
    Doubles,

    /// <summary>Two records of a batch, or of two batches, change places.</summary>
    Reorders,
}

/// <summary>A store that breaks its promise now and then, to see whether the specification notices.</summary>
internal sealed class BrokenLog(Breach breach) : IMessageLog
{
    private readonly InMemoryMessageLog _inner = new();
    private readonly Lock _gate = new();
    private int _appends;
    private NewRecord? _held;

    public async ValueTask<AppendResult> AppendAsync(string stream, AppendBatch batch, CancellationToken cancellationToken) =>
        await _inner.AppendAsync(stream, batch with { Records = Break(batch.Records) }, cancellationToken);

    public ValueTask<LogExtent> OpenAsync(string stream, CancellationToken cancellationToken) => _inner.OpenAsync(stream, cancellationToken);

    public ValueTask<LogSlice> ReadAsync(string stream, long after, int maxRecords, CancellationToken cancellationToken) =>
        _inner.ReadAsync(stream, after, maxRecords, cancellationToken);

    public ValueTask TrimAsync(string stream, long upTo, CancellationToken cancellationToken) => _inner.TrimAsync(stream, upTo, cancellationToken);

    public ValueTask<LogExtent> ReplaceEpochAsync(string stream, string expectedEpoch, CancellationToken cancellationToken) =>
        _inner.ReplaceEpochAsync(stream, expectedEpoch, cancellationToken);

    public IDisposable Subscribe(string stream, Action<LogNotice> ring) => _inner.Subscribe(stream, ring);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    /// <summary>Breaks every third append.</summary>
    private List<NewRecord> Break(IReadOnlyList<NewRecord> records)
    {
        lock (_gate)
        {
            List<NewRecord> result = [.. records];
            if (_held is { } held)
            {
                result.Add(held);
                _held = null;
            }
            else if (++_appends % 3 == 0)
            {
                var last = result[^1];
                if (breach == Breach.Doubles)
                    result.Add(last with { Key = null });
                else if (result.Count > 1 || breach == Breach.Reorders)
                    result.RemoveAt(result.Count - 1);
                if (breach == Breach.Reorders)
                    _held = last;
                if (result.Count == 0)
                    result.Add(Nothing);
            }

            return breach == Breach.Drops && _appends % 3 == 0 ? [Nothing] : result;
        }
    }

    /// <summary>A record that no reader understands, because a batch holds at least one.</summary>
    private static NewRecord Nothing => new(new byte[] { 255 }, null);
}

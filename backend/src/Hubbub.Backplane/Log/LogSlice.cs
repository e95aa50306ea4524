namespace Hubbub.Backplane.Log;

/// <summary>What a read returned: where the stream stood, and consecutive entries.</summary>
public sealed record LogSlice(LogExtent Extent, IReadOnlyList<LogEntry> Entries);

/// <summary>A stored record.</summary>
public readonly record struct LogEntry(long Offset, ReadOnlyMemory<byte> Body);

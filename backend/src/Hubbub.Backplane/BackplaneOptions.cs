using System.ComponentModel.DataAnnotations;

namespace Hubbub.Backplane;

/// <summary>How the backplane waits, batches and gives up. The defaults suit a cluster of a few replicas.</summary>
public sealed class BackplaneOptions
{
    /// <summary>Put before each hub's name to form the name of its stream, so that several applications can share a store.</summary>
    [Required]
    public string StreamPrefix { get; set; } = "hubbub:";

    /// <summary>How long a send waits for the store before it fails with <see cref="BackplaneUnavailableException"/>. 100 ms to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan PublishBudget { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The most records in one append; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxBatchRecords { get; set; } = 512;

    /// <summary>The most sends waiting for the store, per hub and replica; more fail at once. 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueuedRecords { get; set; } = 16_384;

    /// <summary>The most bytes waiting for the store, per hub and replica; more fail at once. At least 1 MiB.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long MaxQueuedBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// How often the store is asked for new records although no doorbell rang. It bounds the delay of a message whose doorbell was lost.
    /// 10 ms to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most records asked for in one read; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxReadRecords { get; set; } = 1_000;

    /// <summary>How many records may wait for a connection that does not read them before it is dropped; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnectionBacklog { get; set; } = 4_096;

    /// <summary>How many bytes may wait for a connection that does not read them before it is dropped. At least 64 KiB.</summary>
    [Range(64 * 1024, long.MaxValue)]
    public long MaxConnectionBacklogBytes { get; set; } = 8L * 1024 * 1024;

    /// <summary>
    /// How long a connection that is dropped may take to send its close message, which waits behind what the client has not read; then its
    /// transport is cut. 100 ms to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the replica that waits for a client's result asks whether another replica still has the call. After three questions without
    /// an answer the call fails. 50 ms to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan CallProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many bytes of the last records each hub keeps in memory for clients that come back. At least 64 KiB.</summary>
    [Range(64 * 1024, long.MaxValue)]
    public long RecentBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>
    /// How many records are gone through for one client that comes back; one that is further behind reloads its snapshot. At least 100.
    /// </summary>
    [Range(100, int.MaxValue)]
    public int MaxReplayRecords { get; set; } = 100_000;

    /// <summary>How many bytes are replayed from the store to one client that comes back. At least 64 KiB.</summary>
    [Range(64 * 1024, long.MaxValue)]
    public long MaxReplayBytes { get; set; } = 8L * 1024 * 1024;

    /// <summary>
    /// How often a client that can resume is told its position although nothing was sent to it, so that it stays within the retention.
    /// 1 s to 1 day; also after a quarter of <see cref="MaxRetainedRecords"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CursorInterval { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long records are kept for clients that come back. 1 s to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How many records are kept at most, whatever their age; at least 1,000.</summary>
    [Range(1_000, long.MaxValue)]
    public long MaxRetainedRecords { get; set; } = 1_000_000;

    /// <summary>How often old records are removed. 100 ms to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan TrimInterval { get; set; } = TimeSpan.FromSeconds(30);
}

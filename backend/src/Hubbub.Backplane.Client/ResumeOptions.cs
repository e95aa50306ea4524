namespace Hubbub.Backplane.Client;

/// <summary>How a connection finds a replica and goes on where it was.</summary>
public sealed class ResumeOptions
{
    /// <summary>
    /// How long one replica may take to accept a connection, and then to answer the handshake, before the next one is tried; 100 ms to 1 min, 5 s by default.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest pause between two rounds through all replicas; 100 ms to 1 hour, 5 s by default. The first round after a loss begins within 100 ms, the next two
    /// within half a second each; then pauses double up to this, half of each at random.
    /// </summary>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Where the connection stands in the hub's log. Give one of your own to look at it, or to begin at a cursor that was kept: that of a snapshot, or of an
    /// earlier process. It belongs to one connection.
    /// </summary>
    public ResumePosition Position
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = new();

    /// <summary>The clock.</summary>
    internal TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Check()
    {
        Require(AttemptTimeout, nameof(AttemptTimeout), TimeSpan.FromMinutes(1));
        Require(MaxReconnectDelay, nameof(MaxReconnectDelay), TimeSpan.FromHours(1));
    }

    private static void Require(TimeSpan value, string name, TimeSpan most)
    {
        if (value < TimeSpan.FromMilliseconds(100) || value > most)
            throw new ArgumentOutOfRangeException(nameof(value), value, $"{name} has to be from 100 ms to {most}.");
    }
}

using System.ComponentModel.DataAnnotations;

namespace Hubbub.Server.Platform;

/// <summary>A token bucket.</summary>
internal sealed class RateOptions
{
    /// <summary>How many may come at once.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; }

    /// <summary>How many a second may go on coming.</summary>
    [Range(0.001, 1_000_000)]
    public double PerSecond { get; set; }
}

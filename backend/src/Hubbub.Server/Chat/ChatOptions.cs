using System.ComponentModel.DataAnnotations;
using Hubbub.Server.Platform;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Chat;

/// <summary>The section <c>Chat</c>.</summary>
internal sealed class ChatOptions
{
    public const string Section = "Chat";

    /// <summary>How long somebody whose last connection closed is still shown as online: the time to load a page again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan OfflineAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a replica looks for what another one left unpublished.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Messages one connection may send.</summary>
    [ValidateObjectMembers]
    public RateOptions SendsPerConnection { get; set; } = new() { Burst = 200, PerSecond = 20 };

    /// <summary>Messages one person may send through one replica, over all connections.</summary>
    [ValidateObjectMembers]
    public RateOptions SendsPerUser { get; set; } = new() { Burst = 400, PerSecond = 40 };

    /// <summary>Everything else one person may change through one replica: joining, leaving, marking, creating, letting in.</summary>
    [ValidateObjectMembers]
    public RateOptions ChangesPerUser { get; set; } = new() { Burst = 400, PerSecond = 40 };
}

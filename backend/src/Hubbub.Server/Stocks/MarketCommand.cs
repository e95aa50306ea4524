using System.Text.Json.Serialization;
using Hubbub.Backplane;

namespace Hubbub.Server.Stocks;

/// <summary>What administrators may tell the market.</summary>
internal enum MarketCommand
{
    /// <summary>Ticks begin.</summary>
    Open,

    /// <summary>Ticks end; the day goes on when the market opens again.</summary>
    Close,

    /// <summary>A new day begins with the first prices; only while the market is closed.</summary>
    Reset,
}

/// <summary>Whether the market moves.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MarketState>))]
public enum MarketState
{
    /// <summary>It does not.</summary>
    Closed,

    /// <summary>It does.</summary>
    Open,
}

/// <summary>A line of the audit: a command that had an effect.</summary>
/// <param name="Command">What.</param>
/// <param name="By">Who: the user's name then.</param>
/// <param name="At">When, by the database's clock.</param>
/// <param name="Replica">Through which replica.</param>
/// <param name="Sequence">The market's last tick when it took effect.</param>
internal sealed record AuditLine(string Command, string By, DateTimeOffset At, string Replica, long Sequence);

/// <summary>A command took effect, as everybody is told.</summary>
/// <param name="State">The market's afterwards.</param>
/// <param name="Command"><c>Open</c>, <c>Close</c> or <c>Reset</c>.</param>
/// <param name="Sequence">The market's last tick when it took effect.</param>
/// <param name="By">The name of the administrator.</param>
/// <param name="At">When, by the database's clock.</param>
/// <param name="IdempotencyKey">However often it is published, the backplane keeps one.</param>
public sealed record MarketChange(
    MarketState State, string Command, long Sequence, string By, DateTimeOffset At, [property: JsonIgnore] string IdempotencyKey) : IIdempotentPayload;

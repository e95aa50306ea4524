namespace Hubbub.Server.Tests.Realtime;

/// <summary>The hub answered a call with an error.</summary>
internal sealed class HubCallException(string error) : Exception(error)
{
    // What SignalR puts around the text of a HubException.
    private const string Marker = "HubException: ";

    /// <summary>The text that the hub gave, without what SignalR puts around it.</summary>
    public string Text { get; } = error.Contains(Marker, StringComparison.Ordinal)
        ? error[(error.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)..]
        : error;

    /// <summary>The part before the colon.</summary>
    public string Code => Text.Split(':')[0];
}

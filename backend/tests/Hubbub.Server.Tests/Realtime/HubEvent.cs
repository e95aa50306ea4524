using System.Text.Json;

namespace Hubbub.Server.Tests.Realtime;

/// <summary>A call from the hub to its client.</summary>
/// <param name="Target">The client method.</param>
/// <param name="Arguments">As they came over the wire.</param>
/// <param name="Cursor">The header <c>cursor</c>, if there was one.</param>
internal sealed record HubEvent(string Target, IReadOnlyList<JsonElement> Arguments, string? Cursor)
{
    /// <summary>The first argument.</summary>
    public JsonElement Payload => Arguments[0];

    /// <summary>A text member of the first argument.</summary>
    public string? Text(string member) => Payload.GetProperty(member).GetString();
}

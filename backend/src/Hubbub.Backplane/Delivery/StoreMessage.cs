using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// A call of the client's method <c>Backplane</c> with <c>{isAway}</c>: whether this replica reaches the store, so that a page can say why nothing
/// comes. Only clients that can resume get it; it stands in no log.
/// </summary>
internal static class StoreMessage
{
    // A dictionary has these names in every protocol, whatever the application makes of the names of properties.
    public static DeliverableMessage Of(bool isAway) =>
        new(new InvocationMessage("Backplane", [new Dictionary<string, bool>(StringComparer.Ordinal) { ["isAway"] = isAway }]));
}

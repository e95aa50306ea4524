using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// A call of the client's method <c>Cursor</c> without arguments: it says nothing but the position in its header. Only clients that can
/// resume get it.
/// </summary>
internal static class CursorMessage
{
    public static DeliverableMessage At(LogCursor position) => new(new InvocationMessage("Cursor", [])
    {
        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["cursor"] = position.ToString() },
    });
}

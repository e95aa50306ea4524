using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Delivery;

/// <summary>
/// A call of the client's method <c>Cursor</c> without arguments: it says nothing but the position in its header. Only clients that can
/// resume get it.
/// </summary>
internal static class CursorMessage
{
    private static readonly WireMessage Call = new("json", new JsonHubProtocol().GetMessageBytes(new InvocationMessage("Cursor", [])));

    public static DeliverableMessage At(LogCursor position) =>
        new([Call with { Bytes = CursorHeader.Splice(Call, position.ToString()) }]);
}

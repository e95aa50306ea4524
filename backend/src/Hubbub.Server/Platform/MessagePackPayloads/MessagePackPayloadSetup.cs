using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Platform.MessagePackPayloads;

/// <summary>Makes the MessagePack hub protocol write payloads as the JSON one does.</summary>
internal static class MessagePackPayloadSetup
{
    public static ISignalRServerBuilder AddMessagePack(this ISignalRServerBuilder signalR)
    {
        signalR.AddMessagePackProtocol();
        signalR.Services.AddOptions<MessagePackHubProtocolOptions>().Configure<IOptions<JsonHubProtocolOptions>>(
            // What the package sets against untrusted data stays.
            (pack, json) => pack.SerializerOptions = pack.SerializerOptions.WithResolver(new JsonShapedResolver(json.Value.PayloadSerializerOptions)));
        return signalR;
    }
}

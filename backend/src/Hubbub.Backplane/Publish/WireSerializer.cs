using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Publish;

/// <summary>
/// Serialises a call once for every hub protocol that the hub's clients may speak. It happens at the sender, whose serialiser settings
/// hold for all replicas; receivers only copy bytes.
/// </summary>
internal sealed class WireSerializer
{
    private readonly IHubProtocol[] _protocols;

    /// <param name="resolver">Knows the registered protocols.</param>
    /// <param name="forAllHubs">Supported protocols for all hubs; used if the hub has no list of its own.</param>
    /// <param name="forThisHub">Supported protocols of the hub; null for all.</param>
    public WireSerializer(IHubProtocolResolver resolver, IList<string>? forAllHubs, IList<string>? forThisHub)
    {
        var names = forThisHub ?? forAllHubs;
        _protocols = [.. resolver.AllProtocols.Where(p => names is null || names.Contains(p.Name, StringComparer.OrdinalIgnoreCase))];
    }

    /// <param name="method">The client's method.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="invocationId">Given if the client is to answer with a result.</param>
    public IReadOnlyList<WireMessage> Serialize(string method, object?[] args, string? invocationId = null)
    {
        var message = new InvocationMessage(invocationId, method, args);
        var messages = new WireMessage[_protocols.Length];
        for (var i = 0; i < messages.Length; i++)
            messages[i] = new WireMessage(_protocols[i].Name, _protocols[i].GetMessageBytes(message));
        return messages;
    }
}

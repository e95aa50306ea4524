using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Hubbub.Backplane;
using Hubbub.Server.Chat;
using Hubbub.Server.Quiz;
using Hubbub.Server.Stocks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Server.Tests.Realtime;

/// <summary>A hub protocol that keeps each call of the hub as it came over the wire, with its header, whether or not somebody handles it.</summary>
/// <param name="inner">Reads and writes the messages.</param>
/// <param name="events">Where the calls go.</param>
internal sealed class RecordingProtocol(IHubProtocol inner, HubEvents events) : IHubProtocol
{
    public string Name => inner.Name;

    public int Version => inner.Version;

    public TransferFormat TransferFormat => inner.TransferFormat;

    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(message, output);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (!inner.TryParseMessage(ref input, new Binder(binder), out message))
            return false;
        if (message is InvocationMessage call)
        {
            var cursor = call.Headers is { } headers && headers.TryGetValue("cursor", out var found) ? found : null;
            events.Add(new HubEvent(call.Target, [.. call.Arguments.Cast<JsonElement>()], cursor));
        }

        return true;
    }

    /// <summary>Takes every argument as JSON. How many a method has is in the hubs' interfaces; the backplane's own calls have one, but for one.</summary>
    private sealed class Binder(IInvocationBinder client) : IInvocationBinder
    {
        private static readonly Dictionary<string, Type[]> Known =
            new[] { typeof(IChatClient), typeof(IStatisticsClient), typeof(IStockTickerClient) }
                .SelectMany(hub => hub.GetMethods())
                .ToDictionary(method => method.Name, method => Elements(method.GetParameters().Count(one => one.ParameterType != typeof(SentOnce))), StringComparer.Ordinal);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) =>
            Known.TryGetValue(methodName, out var types) ? types : Elements(methodName == "Cursor" ? 0 : 1);

        public Type GetReturnType(string invocationId) => client.GetReturnType(invocationId);

        public Type GetStreamItemType(string streamId) => client.GetStreamItemType(streamId);

        private static Type[] Elements(int count) => [.. Enumerable.Repeat(typeof(JsonElement), count)];
    }
}

using BenchmarkDotNet.Attributes;
using Hubbub.Backplane.Publish;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Pieces;

/// <summary>
/// What a send pays for each hub protocol that its hub supports: the call is serialised for all of them, also if no client uses one.
/// </summary>
[MemoryDiagnoser]
public class WireSerializerBenchmarks
{
    private readonly WireSerializer _json = new(new Both(), ["json"], null);
    private readonly WireSerializer _both = new(new Both(), ["json", "messagepack"], null);
    private object?[] _arguments = [];

    /// <summary>Bytes of the message's text.</summary>
    [Params(100, 4000)]
    public int Size { get; set; }

    /// <summary>Makes the message.</summary>
    [GlobalSetup]
    public void SetUp() => _arguments = [new Said(Guid.NewGuid(), Guid.NewGuid(), 42, "ada", new string('x', Size), DateTimeOffset.UnixEpoch)];

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public object Json() => _json.Serialize("ReceiveMessage", _arguments);

    /// <summary>With the second protocol.</summary>
    [Benchmark]
    public object JsonAndMessagePack() => _both.Serialize("ReceiveMessage", _arguments);

    /// <summary>A message such as a chat has.</summary>
    public sealed record Said(Guid Id, Guid RoomId, long Seq, string UserName, string Text, DateTimeOffset SentAt);

    private sealed class Both : IHubProtocolResolver
    {
        public IReadOnlyList<IHubProtocol> AllProtocols { get; } = [new JsonHubProtocol(), new MessagePackHubProtocol()];

        public IHubProtocol? GetProtocol(string protocolName, IReadOnlyList<string>? supportedProtocols) => throw new NotSupportedException();
    }
}

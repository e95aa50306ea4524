using BenchmarkDotNet.Attributes;
using Hubbub.Backplane.Delivery;
using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Pieces;

/// <summary>
/// A cursor into a message that is serialised already, against serialising the message again with its header: what each record costs each
/// replica before it goes to the first connection.
/// </summary>
[MemoryDiagnoser]
public class CursorHeaderBenchmarks
{
    private const string Cursor = "0123456789abcdef.123456";

    private IHubProtocol _protocol = null!;
    private WireMessage _message;
    private InvocationMessage _invocation = null!;

    /// <summary>Bytes of the message's argument.</summary>
    [Params(100, 4000)]
    public int Size { get; set; }

    /// <summary>The hub protocol.</summary>
    [Params("json", "messagepack")]
    public string Protocol { get; set; } = "";

    /// <summary>Makes the message.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _protocol = Protocol == "json" ? new JsonHubProtocol() : new MessagePackHubProtocol();
        object[] arguments = [new string('x', Size)];
        _message = new WireMessage(Protocol, _protocol.GetMessageBytes(new InvocationMessage("ReceiveMessage", arguments)));
        _invocation = new InvocationMessage("ReceiveMessage", arguments)
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["cursor"] = Cursor },
        };
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public ReadOnlyMemory<byte> SerialiseAgain() => _protocol.GetMessageBytes(_invocation);

    /// <summary>Bytes around bytes.</summary>
    [Benchmark]
    public ReadOnlyMemory<byte> Splice() => CursorHeader.Splice(_message, Cursor);
}

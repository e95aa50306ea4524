using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>
/// A second hub protocol, to see what happens where two are spoken: the length in four bytes, then JSON with all its bits turned over, so that
/// nobody who takes it for another protocol makes sense of it.
/// </summary>
internal sealed class FramedProtocol : IHubProtocol
{
    private const int LengthBytes = 4;
    private readonly JsonHubProtocol _json = new();

    public string Name => "framed";

    public int Version => 1;

    public TransferFormat TransferFormat => TransferFormat.Binary;

    /// <summary>Takes the first whole message off the input, as JSON with its separator.</summary>
    public static bool TryTake(ref ReadOnlySequence<byte> input, out byte[] json)
    {
        json = [];
        if (input.Length < LengthBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(input.Slice(0, LengthBytes).ToArray());
        if (input.Length < LengthBytes + length)
            return false;
        json = Turn(input.Slice(LengthBytes, length).ToArray());
        input = input.Slice(LengthBytes + length);
        return true;
    }

    /// <summary>Puts JSON with its separator into a frame.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> json)
    {
        var frame = new byte[LengthBytes + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        Turn(json.ToArray()).CopyTo(frame, LengthBytes);
        return frame;
    }

    public bool IsVersionSupported(int version) => version == Version;

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => Frame(_json.GetMessageBytes(message).Span);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => output.Write(GetMessageBytes(message).Span);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        message = null;
        if (!TryTake(ref input, out var json))
            return false;
        var sequence = new ReadOnlySequence<byte>(json);
        return _json.TryParseMessage(ref sequence, binder, out message);
    }

    private static byte[] Turn(byte[] bytes) => [.. bytes.Select(b => (byte)~b)];
}

using System.Text;
using Hubbub.Backplane.Log;

namespace Hubbub.Pieces;

/// <summary>Records as the application makes them.</summary>
internal static class Samples
{
    /// <summary>A message to a group, as bytes of so many characters.</summary>
    public static LogRecord GroupMessage(int size) => new()
    {
        Kind = RecordKind.Group,
        Tag = 0x12345678,
        Time = DateTimeOffset.UnixEpoch,
        Origin = "3f2504e04f8911d39a0c0305e82c3301",
        Target = "room:3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        Messages = [new WireMessage("json", Invocation(size))],
    };

    /// <summary>An invocation of the JSON hub protocol, its separator included.</summary>
    public static byte[] Invocation(int size) => Encoding.UTF8.GetBytes(
        $$"""{"type":1,"target":"ReceiveMessage","arguments":["{{new string('x', size)}}"]}""" + "\u001e");
}

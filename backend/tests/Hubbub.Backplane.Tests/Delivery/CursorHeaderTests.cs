using System.Buffers;
using System.Text;
using Hubbub.Backplane.Delivery;
using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Delivery;

public sealed class CursorHeaderTests
{
    private const string LongestCursor = "0123456789abcdef0123456789abcdef.ffffffff.9223372036854775807";

    [Theory]
    [InlineData("json", "e.42")]
    [InlineData("messagepack", "e.42")]
    [InlineData("messagepack", LongestCursor)]
    public void A_stock_client_reads_the_header_and_the_message_is_otherwise_unchanged(string protocol, string cursor)
    {
        object?[] arguments = ["a \"quote\", {braces} and \U0001F600", 1.5, null];
        var invocation = Splice(protocol, new InvocationMessage("Say", arguments), cursor);
        Assert.Equal(cursor, Assert.Single(invocation.Headers!).Value);
        Assert.Equal(("Say", 3), (invocation.Target, invocation.Arguments.Length));
        Assert.Equal(arguments, invocation.Arguments);
    }

    /// <summary>The lengths lie around those at which MessagePack's length needs another byte.</summary>
    public static TheoryData<string, string?, int> Messages()
    {
        var data = new TheoryData<string, string?, int>();
        foreach (var protocol in new[] { "json", "messagepack" })
        {
            foreach (var length in new[] { 0, 1, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 16_200, 16_300, 16_350, 16_400, 1_000_000, 2_097_100, 2_097_200 })
            {
                data.Add(protocol, null, length);
                data.Add(protocol, "an id with \"quotes\"", length);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_spliced_message_is_written_again_as_it_was_but_for_the_header(string protocol, string? invocationId, int length)
    {
        object[] arguments = [new string('\u001e', length), 0.5, new Dictionary<string, string> { ["headers"] = "cursor" }];
        var original = new InvocationMessage(invocationId, "{\"headers\"", arguments);
        foreach (var cursor in new[] { "0a1b.9223372036854775807", LongestCursor })
        {
            var invocation = Splice(protocol, original, cursor);
            Assert.Equal(("cursor", cursor), (invocation.Headers!.Single().Key, invocation.Headers!.Single().Value));
            var again = new InvocationMessage(invocation.InvocationId, invocation.Target, invocation.Arguments);
            Assert.Equal(Of(protocol).GetMessageBytes(original).ToArray(), Of(protocol).GetMessageBytes(again).ToArray());
        }
    }

    [Theory]
    [InlineData("json", "")]
    [InlineData("json", "[]")]
    [InlineData("messagepack", "")]
    [InlineData("messagepack", "{}")]
    [InlineData("unheard-of", "{}")]
    public void What_it_does_not_know_it_leaves_alone(string protocol, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(bytes, CursorHeader.Splice(new WireMessage(protocol, bytes), "e.42").ToArray());
    }

    [Fact]
    public void A_length_that_never_ends_and_a_ping_are_left_alone()
    {
        foreach (var bytes in new byte[][] { [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x96, 1, 0x80], [2, 0x91, 6], [0x80], [1] })
            Assert.Equal(bytes, CursorHeader.Splice(new WireMessage("messagepack", bytes), "e.42").ToArray());
    }

    private static InvocationMessage Splice(string name, InvocationMessage message, string cursor)
    {
        var protocol = Of(name);
        var spliced = new ReadOnlySequence<byte>(CursorHeader.Splice(new WireMessage(name, protocol.GetMessageBytes(message)), cursor));
        Assert.True(protocol.TryParseMessage(ref spliced, new ThreeArguments(), out var parsed));
        Assert.True(spliced.IsEmpty);
        return Assert.IsType<InvocationMessage>(parsed);
    }

    private static IHubProtocol Of(string name) => name == "json" ? new JsonHubProtocol() : new MessagePackHubProtocol();

    private sealed class ThreeArguments : IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [typeof(string), typeof(double), typeof(Dictionary<string, string>)];

        public Type GetReturnType(string invocationId) => throw new NotSupportedException();

        public Type GetStreamItemType(string streamId) => throw new NotSupportedException();
    }
}

using System.Buffers;
using System.Text;
using Hubbub.Backplane.Delivery;
using Hubbub.Backplane.Log;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Delivery;

public sealed class CursorHeaderTests
{
    [Fact]
    public void A_stock_client_reads_the_header_and_the_message_is_otherwise_unchanged()
    {
        var protocol = new JsonHubProtocol();
        var bytes = protocol.GetMessageBytes(new InvocationMessage("Say", ["a \"quote\", {braces} and \U0001F600", 1.5, null]));
        var spliced = new ReadOnlySequence<byte>(CursorHeader.Splice(new WireMessage("json", bytes), "e.42"));
        Assert.True(protocol.TryParseMessage(ref spliced, new ThreeArguments(), out var parsed));
        var invocation = Assert.IsType<InvocationMessage>(parsed);
        Assert.Equal("e.42", Assert.Single(invocation.Headers!).Value);
        Assert.Equal(("Say", 3), (invocation.Target, invocation.Arguments.Length));
        Assert.Equal("a \"quote\", {braces} and \U0001F600", invocation.Arguments[0]);
        Assert.True(spliced.IsEmpty);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(null, 1_000_000)]
    [InlineData("an id with \"quotes\"", 3)]
    public void A_spliced_message_is_written_again_as_it_was_but_for_the_header(string? invocationId, int length)
    {
        var protocol = new JsonHubProtocol();
        object[] arguments = [new string('\u001e', length), 0.5, new { headers = "cursor" }];
        var bytes = protocol.GetMessageBytes(new InvocationMessage(invocationId, "{\"headers\"", arguments));
        var spliced = new ReadOnlySequence<byte>(CursorHeader.Splice(new WireMessage("json", bytes), "0a1b.9223372036854775807"));
        Assert.True(protocol.TryParseMessage(ref spliced, new ThreeArguments(), out var parsed));
        var invocation = Assert.IsType<InvocationMessage>(parsed);
        Assert.Equal(("cursor", "0a1b.9223372036854775807"), (invocation.Headers!.Single().Key, invocation.Headers!.Single().Value));
        Assert.Equal(bytes.ToArray(), protocol.GetMessageBytes(new InvocationMessage(invocation.InvocationId, invocation.Target, invocation.Arguments)).ToArray());
    }

    [Theory]
    [InlineData("json", "")]
    [InlineData("json", "[]")]
    [InlineData("messagepack", "{}")]
    public void What_it_does_not_know_it_leaves_alone(string protocol, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(bytes, CursorHeader.Splice(new WireMessage(protocol, bytes), "e.42").ToArray());
    }

    private sealed class ThreeArguments : Microsoft.AspNetCore.SignalR.IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [typeof(string), typeof(double), typeof(object)];

        public Type GetReturnType(string invocationId) => throw new NotSupportedException();

        public Type GetStreamItemType(string streamId) => throw new NotSupportedException();
    }
}

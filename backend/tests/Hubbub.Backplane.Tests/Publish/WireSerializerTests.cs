using System.Buffers;
using System.Text;
using Hubbub.Backplane.Publish;
using Hubbub.Backplane.Tests.Support;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Publish;

public sealed class WireSerializerTests
{
    [Theory]
    [InlineData(null, null, "json messagepack")]
    [InlineData("json", null, "json")]
    [InlineData("JSON", null, "json")]
    [InlineData("json", "messagepack", "messagepack")]
    [InlineData("json", "json messagepack", "json messagepack")]
    [InlineData("unheard-of", null, "")]
    public void A_call_is_serialised_for_each_protocol_that_the_hub_supports_else_all_hubs(string? forAllHubs, string? forThisHub, string expected)
    {
        var messages = new WireSerializer(new Two(), forAllHubs?.Split(' '), forThisHub?.Split(' ')).Serialize("Say", ["hello"]);
        Assert.Equal(expected, string.Join(' ', messages.Select(m => m.Protocol)));
    }

    [Theory]
    [InlineData(null, """{"type":1,"target":"Say","arguments":["hello",1]}""", """[1,{},null,"Say",["hello",1],[]]""")]
    [InlineData("42", """{"type":1,"invocationId":"42","target":"Say","arguments":["hello",1]}""", """[1,{},"42","Say",["hello",1],[]]""")]
    public void The_bytes_are_those_of_the_protocol(string? invocationId, string expected, string expectedPacked)
    {
        var messages = new WireSerializer(new Two(), null, null).Serialize("Say", ["hello", 1], invocationId);
        Assert.Equal(expected + "\u001e", Encoding.UTF8.GetString(messages[0].Bytes.Span));
        var packed = new ReadOnlySequence<byte>(messages[1].Bytes);
        Assert.True(Packed.TryTake(ref packed, out var json));
        Assert.Equal(expectedPacked, json);
        Assert.True(packed.IsEmpty);
    }

    [Fact]
    public void An_argument_that_cannot_be_serialised_fails_its_sender() =>
        Assert.Throws<NotSupportedException>(() => new WireSerializer(new Two(), null, null).Serialize("Say", [typeof(object)]));

    private sealed class Two : IHubProtocolResolver
    {
        public IReadOnlyList<IHubProtocol> AllProtocols { get; } = [new JsonHubProtocol(), new MessagePackHubProtocol()];

        public IHubProtocol? GetProtocol(string protocolName, IReadOnlyList<string>? supportedProtocols) => throw new NotSupportedException();
    }
}

using System.Buffers;
using Hubbub.Backplane.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Tests.Client;

/// <summary>What the protocol lets through to the application, for either way of writing.</summary>
public sealed class ResumingProtocolTests
{
    private readonly ResumePosition _position = new();
    private readonly HandlerQueue _handlers = new();

    public static TheoryData<string> Protocols => ["json", "messagepack"];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void The_answer_comes_to_the_application_once_and_sets_the_position(string protocol)
    {
        _position.Begin(new Uri("http://a"), "id");
        var seen = Read(protocol, Resumed(true, 3, null, "e.5"), Resumed(true, 3, null, "e.5"));
        var answer = Assert.IsType<InvocationMessage>(seen[0]);
        Assert.Equal(("Resumed", new Resumption(true, 3, null)), (answer.Target, answer.Arguments[0]));
        Assert.IsType<CancelInvocationMessage>(seen[1]);
        Assert.Equal("e.5", _position.Cursor);

        _position.Begin(new Uri("http://b"), "id2");
        var next = Assert.IsType<InvocationMessage>(Assert.Single(Read(protocol, Resumed(false, 0, "trimmed", "e.2"))));
        Assert.Equal(new Resumption(false, 0, "trimmed"), next.Arguments[0]);
        Assert.Equal("e.2", _position.Cursor);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void What_was_seen_is_kept_back_and_counts_all_the_same(string protocol)
    {
        _position.Begin(new Uri("http://a"), "id");
        var seen = Read(
            protocol, Resumed(false, 0, "new", "e.5"), Say("one", "e.7"), Say("one", "e.7"), Say("zero", "e.6"), Say("two", "e.aa.8"), Say("three", "f.1"));
        Assert.Equal(
            ["Resumed", "Say one", "-", "-", "Say two", "Say three"],
            seen.Select(m => m is InvocationMessage i ? i.Target + (i.Target == "Say" ? $" {i.Arguments[0]}" : "") : m is CancelInvocationMessage ? "-" : m.ToString()));
        Assert.Equal("f.1", _position.Cursor);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Cursors_alone_move_the_position_and_stay_from_the_application(string protocol)
    {
        _position.Begin(new Uri("http://a"), "id");
        var seen = Read(protocol, Resumed(false, 0, "new", "e.5"), With(new InvocationMessage("Cursor", []), "e.9"), Say("old", "e.8"));
        Assert.All(seen.Skip(1), message => Assert.IsType<CancelInvocationMessage>(message));
        Assert.Equal("e.9", _position.Cursor);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_server_without_a_log_is_believed(string protocol)
    {
        _position.Begin(new Uri("http://a"), "id");
        var seen = Read(protocol, Resumed(false, 0, "unsupported", null), Say("one", null), Say("one", null));
        Assert.Equal(3, seen.OfType<InvocationMessage>().Count());
        Assert.Equal("", _position.Cursor);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void The_state_of_the_backplane_and_completions_pass(string protocol)
    {
        _position.Begin(new Uri("http://a"), "id");
        var away = new Dictionary<string, bool> { ["isAway"] = true };
        var seen = Read(protocol, new InvocationMessage("Backplane", [away]), CompletionMessage.WithResult("1", "x"), PingMessage.Instance);
        Assert.Equal(new BackplaneState(true), Assert.IsType<InvocationMessage>(seen[0]).Arguments[0]);
        Assert.IsType<CompletionMessage>(seen[1]);
        Assert.IsType<PingMessage>(seen[2]);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_mark_comes_before_the_servers_goodbye(string protocol)
    {
        _handlers.Begin();
        var seen = Read(protocol, new CloseMessage("expired", allowReconnect: true));
        Assert.Equal(HandlerQueue.EndMethod, Assert.IsType<InvocationMessage>(seen[0]).Target);
        Assert.True(Assert.IsType<CloseMessage>(seen[1]).AllowReconnect);

        // Closing alone is not enough now: the mark has to be handled.
        _handlers.Closed();
        var drained = _handlers.DrainAsync(TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(drained.IsCompleted);
        _handlers.Ended();
        Assert.True(await drained);
    }

    private static InvocationMessage Resumed(bool resumed, int replayed, string? reason, string? cursor) => With(
        new InvocationMessage("Resumed", [new Hubbub.Backplane.Resuming.Resumption(resumed, replayed, reason).ToArgument()]), cursor);

    private static InvocationMessage Say(string text, string? cursor) => With(new InvocationMessage("Say", [text]), cursor);

    private static InvocationMessage With(InvocationMessage message, string? cursor)
    {
        if (cursor is not null)
            message.Headers = new Dictionary<string, string> { ["cursor"] = cursor };
        return message;
    }

    private List<HubMessage> Read(string protocol, params HubMessage[] messages)
    {
        IHubProtocol inner = protocol == "json" ? new JsonHubProtocol() : new MessagePackHubProtocol();
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var message in messages)
            inner.WriteMessage(message, bytes);
        var input = new ReadOnlySequence<byte>(bytes.WrittenMemory);
        var reader = new ResumingProtocol(inner, _position, _handlers);
        var seen = new List<HubMessage>();
        while (reader.TryParseMessage(ref input, new Texts(), out var message))
            seen.Add(message);
        return seen;
    }

    private sealed class Texts : IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName) => methodName == "Say" ? [typeof(string)] : [];

        public Type GetReturnType(string invocationId) => typeof(string);

        public Type GetStreamItemType(string streamId) => typeof(string);
    }
}

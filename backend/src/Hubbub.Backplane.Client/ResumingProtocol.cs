using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Hubbub.Backplane.Client;

/// <summary>
/// A hub protocol that keeps the position in the log: it reads the header <c>cursor</c> of each call, which SignalR's client does not show, before the application
/// sees the call, and keeps back what has been taken already. Position and call are one message, so the application gets each call once.
/// </summary>
/// <param name="inner">Reads and writes the messages.</param>
/// <param name="position">Of the one connection at a time that this reads for.</param>
/// <param name="handlers">Wants to know where the calls of a connection end.</param>
internal sealed class ResumingProtocol(IHubProtocol inner, ResumePosition position, HandlerQueue handlers) : IHubProtocol
{
    public const string ResumedMethod = "Resumed";
    public const string BackplaneMethod = "Backplane";
    private const string CursorMethod = "Cursor";

    /// <summary>
    /// Stands for a call that is kept back. SignalR's stateful reconnect counts what arrives on either side: a call that was left out altogether would make it skip a
    /// later one. The client counts this one and does nothing else with it.
    /// </summary>
    private static readonly CancelInvocationMessage KeptBack = new("kept back");

    private CloseMessage? _close;

    public string Name => inner.Name;

    public int Version => inner.Version;

    public TransferFormat TransferFormat => inner.TransferFormat;

    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(message, output);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        if (_close is not null)
        {
            (message, _close) = (_close, null);
            return true;
        }

        if (EndMarkedReader.TryTakeMark(ref input))
        {
            message = handlers.Mark();
            return true;
        }

        if (!inner.TryParseMessage(ref input, new Binder(binder), out message))
            return false;

        if (message is CloseMessage close)
        {
            // Nothing is read after it, so the mark of the end has to come before.
            _close = close;
            message = handlers.Mark();
        }
        else if (message is HubInvocationMessage call && !IsForTheApplication(call))
        {
            message = KeptBack;
        }

        return true;
    }

    private bool IsForTheApplication(HubInvocationMessage message)
    {
        var cursor = message.Headers is { } headers && headers.TryGetValue("cursor", out var found) ? found : null;
        if (message is InvocationMessage { Target: ResumedMethod })
        {
            // Stateful reconnect sends again what it does not know to have arrived.
            if (position.IsAnswered)
                return false;
            position.Answered(cursor);
            return true;
        }

        return cursor is null || (position.Advance(cursor) && message is not InvocationMessage { Target: CursorMethod });
    }

    /// <summary>Knows the calls of the backplane itself; the application's handlers give the types of all others.</summary>
    private sealed class Binder(IInvocationBinder application) : IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName) => methodName switch
        {
            ResumedMethod => [typeof(Resumption)],
            BackplaneMethod => [typeof(BackplaneState)],
            CursorMethod => [],
            _ => application.GetParameterTypes(methodName),
        };

        public Type GetReturnType(string invocationId) => application.GetReturnType(invocationId);

        public Type GetStreamItemType(string streamId) => application.GetStreamItemType(streamId);

        public string? GetTarget(ReadOnlySpan<byte> utf8Bytes) => application.GetTarget(utf8Bytes);
    }
}

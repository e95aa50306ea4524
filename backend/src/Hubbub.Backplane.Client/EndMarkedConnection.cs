using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Hubbub.Backplane.Client;

/// <summary>A connection whose input ends with a mark. Everything else is the connection's own.</summary>
internal sealed class EndMarkedConnection : ConnectionContext
{
    private readonly ConnectionContext _inner;
    private readonly HandlerQueue _handlers;
    private readonly MarkedTransport _transport;

    public EndMarkedConnection(ConnectionContext inner, HandlerQueue handlers)
    {
        _inner = inner;
        _handlers = handlers;
        _transport = new MarkedTransport(inner);
    }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => _inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => _transport;
        set => throw new NotSupportedException("The transport is not replaced.");
    }

    public override CancellationToken ConnectionClosed
    {
        get => _inner.ConnectionClosed;
        set => _inner.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _inner.LocalEndPoint;
        set => _inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _inner.RemoteEndPoint;
        set => _inner.RemoteEndPoint = value;
    }

    public override void Abort() => _inner.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        _handlers.Closed();
        await base.DisposeAsync();
    }

    private sealed class MarkedTransport(ConnectionContext connection) : IDuplexPipe
    {
        public PipeReader Input { get; } = new EndMarkedReader(connection.Transport.Input);

        // Stateful reconnect puts another one in its place.
        public PipeWriter Output => connection.Transport.Output;
    }
}

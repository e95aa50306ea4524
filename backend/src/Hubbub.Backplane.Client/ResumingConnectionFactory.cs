using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hubbub.Backplane.Client;

/// <summary>
/// Makes a connection to the first replica that answers, each attempt with the cursor of that moment. A <see cref="HubConnection"/> asks for one at its start and
/// at each reconnect, always with the same address, which is not looked at.
/// </summary>
internal sealed partial class ResumingConnectionFactory : IConnectionFactory
{
    private readonly HttpConnectionFactory _http;
    private readonly ResumeOptions _options;
    private readonly ResumePosition _position;
    private readonly ReplicaChoice _choice;
    private readonly HandlerQueue _handlers;
    private readonly ILogger _logger;

    public ResumingConnectionFactory(
        IOptions<HttpConnectionOptions> http,
        ResumeOptions options,
        ResumePosition position,
        ReplicaChoice choice,
        HandlerQueue handlers,
        ILoggerFactory loggers)
    {
        _http = new HttpConnectionFactory(http, loggers);
        _options = options;
        _position = position;
        _choice = choice;
        _handlers = handlers;
        _logger = loggers.CreateLogger<ResumingConnectionFactory>();
    }

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken = default)
    {
        // The one that was left, if any. Whatever ended that connection, another replica is as good.
        if (_position.Replica is { } left)
            _choice.Suspect(left);
        if (!await _handlers.DrainAsync(_options.TimeProvider, cancellationToken))
            Log.HandlersBusy(_logger);

        Exception? failure = null;
        foreach (var replica in _choice.Candidates())
        {
            try
            {
                return await ConnectToAsync(replica, cancellationToken);
            }
#pragma warning disable CA1031 // Whatever is wrong with one replica, another may answer.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.NoAnswer(_logger, replica, e);
                _choice.Suspect(replica);
                failure = e;
            }
        }

        throw failure!;
    }

    private async Task<ConnectionContext> ConnectToAsync(Uri replica, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.AttemptTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var connection = await _http.ConnectAsync(new UriEndPoint(Address(replica)), either.Token);
            _choice.Trust(replica);
            _position.Begin(replica, connection.ConnectionId);
            _handlers.Begin();
            return new EndMarkedConnection(connection, _handlers);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{replica} did not answer within {_options.AttemptTimeout}.", e);
        }
    }

    private Uri Address(Uri replica)
    {
        var query = $"cursor={Uri.EscapeDataString(_position.Cursor)}";
        if (_position.Previous.Length > 0)
            query += $"&previous={Uri.EscapeDataString(_position.Previous)}";
        var address = new UriBuilder(replica);
        address.Query = address.Query.Length > 1 ? $"{address.Query}&{query}" : query;
        return address.Uri;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Replica} does not take the connection.", EventName = "NoAnswer")]
        public static partial void NoAnswer(ILogger logger, Uri replica, Exception exception);

        [LoggerMessage(
            2, LogLevel.Warning, "A handler of the last connection still runs. What comes next may overtake what it waits for.", EventName = "HandlersBusy")]
        public static partial void HandlersBusy(ILogger logger);
    }
}

using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>
/// A connection that has signed in: commands go in at <see cref="Output"/>, replies come out in order. One writer and one reader at a
/// time.
/// </summary>
internal sealed class RespTransport : IDisposable
{
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 64 * 1024);
    private static readonly StreamPipeWriterOptions WriterOptions = new(minimumBufferSize: 64 * 1024);

    private readonly Stream _stream;
    private readonly PipeReader _input;
    private readonly RespParser _parser = new(RespLimits.Default);

    private RespTransport(Stream stream)
    {
        _stream = stream;
        _input = PipeReader.Create(stream, ReaderOptions);
        Output = PipeWriter.Create(stream, WriterOptions);
    }

    public PipeWriter Output { get; }

    /// <exception cref="MessageLogUnavailableException">There is no server, it does not answer in time, or it does not let us
    /// in.</exception>
    public static async Task<RespTransport> ConnectAsync(RedisLogOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(options.Host, options.Port, either.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Ssl)
                stream = await SecureAsync(stream, options, either.Token);
            var transport = new RespTransport(stream);
            await transport.SignInAsync(options, either.Token);
            return transport;
        }
        catch (Exception e) when (limit.IsCancellationRequested || e is SocketException or IOException or AuthenticationException or RespProtocolException)
        {
            socket?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            var reason = limit.IsCancellationRequested ? $"no answer within {options.ConnectTimeout}" : e.Message;
            throw new MessageLogUnavailableException($"Cannot connect to Redis at {options.Host}:{options.Port}: {reason}", e);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next reply.</summary>
    /// <exception cref="EndOfStreamException">The server has closed the connection.</exception>
    /// <exception cref="RespProtocolException">It does not speak RESP2.</exception>
    public async ValueTask<RespValue> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (_parser.TryRead(ref buffer, out var reply))
            {
                _input.AdvanceTo(buffer.Start);
                return reply;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                throw new EndOfStreamException("Redis has closed the connection.");
        }
    }

    /// <summary>Ends the connection at once; whoever reads or writes gets an exception. From any thread.</summary>
    public void Dispose() => _stream.Dispose();

    private static async Task<Stream> SecureAsync(Stream stream, RedisLogOptions options, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = options.Host,
            RemoteCertificateValidationCallback = options.ValidateCertificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        await secure.AuthenticateAsClientAsync(tls, cancellationToken);
        return secure;
    }

    private async Task SignInAsync(RedisLogOptions options, CancellationToken cancellationToken)
    {
        if (options.Password is { } password)
        {
            if (options.User is { } user)
                RespWriter.WriteCommand(Output, "AUTH", user, password);
            else
                RespWriter.WriteCommand(Output, "AUTH", password);
            await ExpectAsync(text => text == "OK", cancellationToken);
        }

        RespWriter.WriteCommand(Output, "PING");
        await ExpectAsync(text => text == "PONG", cancellationToken);
    }

    private async Task ExpectAsync(Predicate<string> isExpected, CancellationToken cancellationToken)
    {
        await Output.FlushAsync(cancellationToken);
        var reply = await ReadAsync(cancellationToken);
        if (reply.Error is { } error)
            throw new RespProtocolException(error);
        if (!isExpected(reply.AsText()))
            throw new RespProtocolException("This is not a Redis server.");
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hubbub.Backplane.Stores.Redis;
using Hubbub.Backplane.Stores.Redis.Resp;
using Hubbub.Backplane.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>A Redis server of a test's own, on a free port, which the test may stop, kill and start again.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hubbub-redis-");
    private readonly string[] _settings;
    private Process? _process;

    private RedisProcess(string[] settings) => _settings = settings;

    public int Port { get; private set; }

    /// <param name="settings">Arguments of redis-server, besides those for the port and for keeping nothing on disk.</param>
    public static async Task<RedisProcess> StartAsync(params string[] settings)
    {
        Requirement.Unix();
        var redis = new RedisProcess(settings) { Port = FreePort() };
        await redis.StartAgainAsync();
        return redis;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="timeout">Without one it is long: a slow machine is no outage.</param>
    public RedisLogOptions Options(TimeSpan? timeout = null) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        CommandTimeout = timeout ?? Eventually.Limit,
        ConnectTimeout = timeout ?? Eventually.Limit,
        KeepAlive = timeout ?? Eventually.Limit,
    };

    public RedisMessageLog CreateLog(TimeSpan? timeout = null, Action<RedisLogOptions>? change = null)
    {
        var options = Options(timeout);
        change?.Invoke(options);
        return new RedisMessageLog(options, CreateServer(options));
    }

    public static RespRedisServer CreateServer(RedisLogOptions options) => new(options, TimeProvider.System, NullLogger.Instance);

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Requirement.Program("redis-server")) { RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "", .. _settings,
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
                break;
        }

        Assert.False(_process.HasExited, "redis-server has started");
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Stops the process as it is; whoever talks to it hears nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a command as an operator would, on a connection of its own.</summary>
    public async Task<RespValue> CommandAsync(params string[] command)
    {
        using var transport = await RespTransport.ConnectAsync(Options(), TimeProvider.System, TestContext.Current.CancellationToken);
        RespWriter.WriteCommand(transport.Output, [.. command.Select(word => (RedisArgument)word)]);
        await transport.Output.FlushAsync(TestContext.Current.CancellationToken);
        return await transport.ReadAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // Ends a frozen one too.
        _process?.Kill();
        if (_process is not null)
            await _process.WaitForExitAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }
}

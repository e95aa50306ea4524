using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hubbub.Backplane.Stores.Redis;
using Hubbub.Backplane.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>A Redis server of a test's own, on a free port, which the test may stop, kill, set back and start again.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hubbub-redis-");
    private string[] _settings;
    private Process? _process;
    private ConnectionMultiplexer? _operator;

    private RedisProcess(string[] settings) => _settings = settings;

    public int Port { get; private set; }

    /// <summary>Whom <see cref="CommandAsync"/> signs in as.</summary>
    public string? OperatorPassword { get; set; }

    /// <param name="settings">Arguments of redis-server, besides those for the port and for keeping nothing on disk.</param>
    public static async Task<RedisProcess> StartAsync(params string[] settings)
    {
        Requirement.Unix();
        var redis = new RedisProcess(settings) { Port = FreePort() };
        await redis.StartAgainAsync();
        return redis;
    }

    /// <summary>A Sentinel that decides alone, and soon.</summary>
    public static async Task<RedisProcess> StartSentinelAsync(string name, int primaryPort)
    {
        Requirement.Unix();
        var sentinel = new RedisProcess([]) { Port = FreePort() };
        var file = Path.Combine(sentinel._folder.FullName, "sentinel.conf");
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"""
            sentinel monitor {name} 127.0.0.1 {primaryPort} 1
            sentinel down-after-milliseconds {name} 1000
            sentinel failover-timeout {name} 5000

            """));
        sentinel._settings = [file, "--sentinel"];
        await sentinel.StartAgainAsync();
        return sentinel;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="timeout">Without one it is long: a slow machine is no outage.</param>
    /// <param name="connection">The connection string, where another one than that of the server itself is wanted.</param>
    public RedisLogOptions Options(TimeSpan? timeout = null, string? connection = null)
    {
        var options = new RedisLogOptions { CommandTimeout = timeout ?? Eventually.Limit };
        options.UseConnectionString(connection ?? string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}"));
        return options;
    }

    public RedisMessageLog CreateLog(TimeSpan? timeout = null, string? connection = null, Action<RedisLogOptions>? change = null)
    {
        var options = Options(timeout, connection);
        change?.Invoke(options);
        return CreateLog(options);
    }

    public static RedisMessageLog CreateLog(RedisLogOptions options, IConnectionMultiplexer? given = null, ILogger? logger = null)
    {
        logger ??= NullLogger.Instance;
        var connection = new RedisConnection(options, given, TimeProvider.System, logger);
        return new RedisMessageLog(new StackExchangeServer(options, connection, TimeProvider.System, logger), options.KeyPrefix);
    }

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Requirement.Program("redis-server")) { RedirectStandardOutput = true, UseShellExecute = false };
        var isSentinel = _settings is [_, "--sentinel"];
        string[] common = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName];
        string[] arguments = isSentinel ? [.. _settings, .. common] : [.. common, "--save", "", .. _settings];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        var isReady = false;
        while (!isReady && await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            isReady = line.Contains("Ready to accept connections", StringComparison.Ordinal) || line.Contains("Sentinel ID", StringComparison.Ordinal);

        Assert.True(isReady, "redis-server has started");
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

    /// <summary>Kills the process and starts another one on the same files.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAgainAsync();
    }

    /// <summary>Copies what is on the disk now, as a backup does. With <c>appendfsync always</c> that is all that was confirmed.</summary>
    public DirectoryInfo TakeSnapshot()
    {
        var snapshot = Directory.CreateTempSubdirectory("hubbub-redis-snapshot-");
        Copy(_folder, snapshot);
        return snapshot;
    }

    /// <summary>Kills the process and starts another one on the files of a snapshot.</summary>
    public async Task SetBackAsync(DirectoryInfo snapshot)
    {
        await KillAsync();
        foreach (var entry in _folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo folder)
                folder.Delete(recursive: true);
            else
                entry.Delete();
        }

        Copy(snapshot, _folder);
        await StartAgainAsync();
    }

    /// <summary>Sends a command as an operator would, on a connection of its own.</summary>
    public async Task<RedisResult> CommandAsync(string command, params object[] arguments)
    {
        if (_operator is null)
        {
            var options = new ConfigurationOptions
            {
                AllowAdmin = true,
                ClientName = "operator",
                Password = OperatorPassword,
                Protocol = RedisProtocol.Resp2,
                HeartbeatInterval = TimeSpan.FromMilliseconds(100),
                ReconnectRetryPolicy = new LinearRetry(100),
                AsyncTimeout = (int)Eventually.Limit.TotalMilliseconds,
                CommandMap = _settings is [_, "--sentinel"] ? CommandMap.Sentinel : CommandMap.Default,
            };
            options.EndPoints.Add(IPAddress.Loopback, Port);
            _operator = await ConnectionMultiplexer.ConnectAsync(options);
        }

        return await _operator.GetServer(IPAddress.Loopback, Port).ExecuteAsync(command, arguments);
    }

    /// <summary>The connections that are not the operator's.</summary>
    public async Task<string[]> ClientsAsync()
    {
        var all = ((string)(await CommandAsync("CLIENT", "LIST"))!).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. all.Where(client => !client.Contains(" name=operator ", StringComparison.Ordinal) && !client.Contains(" flags=S ", StringComparison.Ordinal))];
    }

    /// <summary>Ends the connections that are not the operator's. Returns how many.</summary>
    public async Task<int> KillClientsAsync()
    {
        var clients = await ClientsAsync();
        foreach (var client in clients)
            await CommandAsync("CLIENT", "KILL", "ID", client.Split("id=")[1].Split(' ')[0]);
        return clients.Length;
    }

    public async ValueTask DisposeAsync()
    {
        if (_operator is not null)
            await _operator.DisposeAsync();

        // Ends a frozen one too.
        _process?.Kill();
        if (_process is not null)
            await _process.WaitForExitAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        foreach (var folder in from.EnumerateDirectories())
            Copy(folder, to.CreateSubdirectory(folder.Name));
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }
}

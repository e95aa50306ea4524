using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hubbub.Bench.Load;

/// <summary>A server under test, as a process of its own, ended by closing its input.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Process _process;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Processor time used so far, in user and kernel mode.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<ServerProcess> StartAsync(Arguments arguments, string system)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        foreach (var argument in arguments.ForServer(system, port))
            start.ArgumentList.Add(argument);
        var server = new ServerProcess(Process.Start(start)!, port);
        for (var i = 0; i < 300 && !server._process.HasExited; i++)
        {
            try
            {
                await Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/ready"));
                return server;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }

        await server.DisposeAsync();
        throw new InvalidOperationException($"The {system} server did not start.");
    }

    /// <summary>Collects garbage and returns what the heap holds, in bytes.</summary>
    public async Task<long> CollectAsync()
    {
        using var response = await Http.PostAsync(new Uri($"http://127.0.0.1:{Port}/collect"), null);
        return long.Parse(await response.Content.ReadAsStringAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>How long it has compiled methods so far.</summary>
    public async Task<TimeSpan> CompilationTimeAsync() => TimeSpan.FromTicks(long.Parse(
        await Http.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/compilation-time")), CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
                _process.Kill();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

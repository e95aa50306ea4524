using System.Diagnostics;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Client;

/// <summary>A replica in a process of its own, with the hub <c>/room</c>.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ReplicaProcess(Process process, Uri hub)
    {
        _process = process;
        Hub = hub;
    }

    /// <summary>The hub's address.</summary>
    public Uri Hub { get; }

    /// <param name="store">Which one, <c>redis</c> or <c>postgres</c>.</param>
    /// <param name="connection">How to get there.</param>
    /// <param name="prefix">Tells the streams of one test from those of another.</param>
    public static async Task<ReplicaProcess> StartAsync(string store, string connection, string prefix)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Hubbub.Backplane.TestReplica" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, [store, connection, prefix])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit);
            return new ReplicaProcess(process, new Uri(new Uri(Assert.IsType<string>(line)), "/room"));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Limit);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Eventually.Limit);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
                _process.Kill();
        }

        _process.Dispose();
    }
}

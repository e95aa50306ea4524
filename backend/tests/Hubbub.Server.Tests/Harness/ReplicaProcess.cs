using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hubbub.Server.Tests.Harness;

/// <summary>A replica in a process of its own, for what belongs to a process: its environment, its activity sources, its end.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ReplicaProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The replica has ended:\n{Output}"));
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => _listening.Task.Result;

    /// <summary>Everything it has written.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="settings">As environment variables; they win over those of the tests' own process.</param>
    public static async Task<ReplicaProcess> StartAsync(Settings settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Stocks__TickInterval"] = "01:00:00";
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;

        var replica = new ReplicaProcess(start);
        try
        {
            replica._process.Start();
            replica._process.BeginOutputReadLine();
            replica._process.BeginErrorReadLine();
            await replica._listening.Task.WaitAsync(Eventually.Patience);
            using var http = new HttpClient { BaseAddress = replica.Url };
            await Eventually.TrueAsync(async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode);
            return replica;
        }
        catch
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop, where the system has a way to ask, and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            _process.Kill();
        else
            using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Eventually.Patience);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            _listening.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
    }
}

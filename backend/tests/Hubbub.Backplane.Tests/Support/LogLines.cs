using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Tests.Support;

/// <summary>Keeps the names of what is logged.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string?> _events = new();
    private readonly ConcurrentQueue<string?> _information = new();

    /// <summary>What is logged as a warning or worse.</summary>
    public IReadOnlyCollection<string?> Events => _events;

    /// <summary>What is logged as information.</summary>
    public IReadOnlyCollection<string?> Information => _information;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            (logLevel >= LogLevel.Warning ? _events : _information).Enqueue(eventId.Name);
    }
}

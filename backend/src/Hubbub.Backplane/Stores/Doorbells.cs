using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Hubbub.Backplane.Stores;

/// <summary>Who wants to be rung, by name. Ringing takes no lock, so a callback may subscribe or unsubscribe.</summary>
/// <typeparam name="TNews">What a ring says.</typeparam>
internal sealed partial class Doorbells<TNews>(ILogger logger)
{
    private readonly ConcurrentDictionary<string, ImmutableList<Bell>> _bells = new(StringComparer.Ordinal);

    public Bell Add(string name, Action<TNews> ring)
    {
        var bell = new Bell(this, name, ring);
        _bells.AddOrUpdate(name, static (_, b) => [b], static (_, others, b) => others.Add(b), bell);
        return bell;
    }

    public void Ring(string name, TNews news)
    {
        if (!_bells.TryGetValue(name, out var bells))
            return;
        foreach (var bell in bells)
        {
            try
            {
                bell.Ring(news);
            }
            catch (Exception e)
            {
                // One subscriber's mistake must not silence the others, nor end the connection that carries the doorbell.
                Log.RingFailed(logger, e, name);
            }
        }
    }

    public void RingAll(TNews news)
    {
        foreach (var name in _bells.Keys)
            Ring(name, news);
    }

    private void Remove(Bell bell)
    {
        while (_bells.TryGetValue(bell.Name, out var bells))
        {
            var rest = bells.Remove(bell);
            var done = rest.IsEmpty
                ? _bells.TryRemove(KeyValuePair.Create(bell.Name, bells))
                : _bells.TryUpdate(bell.Name, rest, bells);
            if (done)
                return;
        }
    }

    /// <summary>One subscriber. Disposing it twice does no harm.</summary>
    public sealed class Bell(Doorbells<TNews> owner, string name, Action<TNews> ring) : IDisposable
    {
        private volatile bool _disposed;

        public string Name => name;

        public void Ring(TNews news)
        {
            if (!_disposed)
                ring(news);
        }

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            owner.Remove(this);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A subscriber of the doorbell of {Name} failed", EventName = "RingFailed")]
        public static partial void RingFailed(ILogger logger, Exception exception, string name);
    }
}

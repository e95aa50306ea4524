namespace Hubbub.Bench.Load;

/// <summary>A client of the hub: it counts what it gets, and publishes.</summary>
internal interface ILoadClient : IAsyncDisposable
{
    /// <summary>Where latencies go; may change while it runs.</summary>
    Latencies? Latencies { get; set; }

    /// <summary>Messages received so far.</summary>
    long Received { get; }

    /// <summary>Publishes a payload of about the given size that begins with the present time.</summary>
    Task PublishAsync(string room, int bytes);
}

using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Stores;

/// <summary>What every store of the log holds. A store's own class says only how to get an instance.</summary>
public abstract partial class MessageLogSpecification : IAsyncLifetime
{
    private readonly List<IMessageLog> _created = [];

    /// <summary>Another instance on the same data, as another replica would have.</summary>
    protected abstract ValueTask<IMessageLog> CreateAsync();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A stream of this test alone.</summary>
    protected string Stream { get; } = "stream-" + Guid.NewGuid().ToString("n");

    protected IMessageLog Log { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Log = await AnotherAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _created)
            await log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async ValueTask<IMessageLog> AnotherAsync()
    {
        var log = await CreateAsync();
        _created.Add(log);
        return log;
    }
}

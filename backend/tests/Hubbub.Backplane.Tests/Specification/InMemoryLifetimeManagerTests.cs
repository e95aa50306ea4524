using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>The specification over the in-memory store, which both replicas share.</summary>
public class InMemoryLifetimeManagerTests : LifetimeManagerSpecification
{
    private readonly InMemoryMessageLog _log = new();

    /// <inheritdoc />
    protected override Task<IMessageLog> OpenLogAsync() => Task.FromResult<IMessageLog>(_log);
}

/// <summary>The same with clients that speak MessagePack.</summary>
public sealed class InMemoryMessagePackLifetimeManagerTests : InMemoryLifetimeManagerTests
{
    /// <inheritdoc />
    protected override string Protocol => "messagepack";
}

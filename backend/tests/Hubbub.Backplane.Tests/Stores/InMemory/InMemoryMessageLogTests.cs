using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;

namespace Hubbub.Backplane.Tests.Stores.InMemory;

public sealed class InMemoryMessageLogTests : MessageLogSpecification
{
    private readonly InMemoryMessageLog _shared = new();

    /// <summary>Its data is the instance's own, so replicas in one process share the instance.</summary>
    protected override ValueTask<IMessageLog> CreateAsync() => ValueTask.FromResult<IMessageLog>(_shared);
}

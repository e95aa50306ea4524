using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.InMemory;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>Over the in-memory store, which both applications share.</summary>
public class InMemoryEndToEndTests : EndToEndSpecification
{
    private readonly InMemoryMessageLog _log = new();

    /// <inheritdoc />
    protected override Task<IMessageLog> OpenLogAsync() => Task.FromResult<IMessageLog>(_log);
}

/// <summary>The same with clients that speak MessagePack.</summary>
public sealed class InMemoryMessagePackEndToEndTests : InMemoryEndToEndTests
{
    /// <inheritdoc />
    protected override string Protocol => "messagepack";
}

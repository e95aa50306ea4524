using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Stores.Redis;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>The specification over Redis; each replica has connections of its own.</summary>
public sealed class RedisLifetimeManagerTests(RedisKeyspace keyspace) : LifetimeManagerSpecification, IClassFixture<RedisKeyspace>
{
    /// <inheritdoc />
    protected override Task<IMessageLog> OpenLogAsync() => Task.FromResult<IMessageLog>(keyspace.CreateLog());
}

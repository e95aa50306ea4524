using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Stores.Redis;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>The specification over Redis; each replica has connections of its own.</summary>
public class RedisLifetimeManagerTests(RedisKeyspace keyspace) : LifetimeManagerSpecification, IClassFixture<RedisKeyspace>
{
    /// <inheritdoc />
    protected override Task<IMessageLog> OpenLogAsync() => Task.FromResult<IMessageLog>(keyspace.CreateLog());
}

/// <summary>The same with clients that speak MessagePack.</summary>
public sealed class RedisMessagePackLifetimeManagerTests(RedisKeyspace keyspace) : RedisLifetimeManagerTests(keyspace)
{
    /// <inheritdoc />
    protected override string Protocol => "messagepack";
}

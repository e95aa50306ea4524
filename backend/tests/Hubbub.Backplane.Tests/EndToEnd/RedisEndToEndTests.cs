using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Stores.Redis;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>Over Redis; each application has connections of its own.</summary>
public class RedisEndToEndTests(RedisKeyspace keyspace) : EndToEndSpecification, IClassFixture<RedisKeyspace>
{
    /// <inheritdoc />
    protected override Task<IMessageLog> OpenLogAsync() => Task.FromResult<IMessageLog>(keyspace.CreateLog());
}

/// <summary>The same with clients that speak MessagePack.</summary>
public sealed class RedisMessagePackEndToEndTests(RedisKeyspace keyspace) : RedisEndToEndTests(keyspace)
{
    /// <inheritdoc />
    protected override string Protocol => "messagepack";
}

using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Stores.Redis;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>Over Redis; each application has connections of its own.</summary>
public sealed class RedisEndToEndTests(RedisKeyspace keyspace) : EndToEndSpecification, IClassFixture<RedisKeyspace>
{
    /// <inheritdoc />
    protected override Task<IMessageLog> OpenLogAsync() => Task.FromResult<IMessageLog>(keyspace.CreateLog());
}

using Hubbub.Backplane.Log;

namespace Hubbub.Backplane.Tests.Stores.Redis;

public sealed class RedisMessageLogTests(RedisKeyspace keyspace) : MessageLogSpecification, IClassFixture<RedisKeyspace>
{
    protected override ValueTask<IMessageLog> CreateAsync() => ValueTask.FromResult<IMessageLog>(keyspace.CreateLog());
}

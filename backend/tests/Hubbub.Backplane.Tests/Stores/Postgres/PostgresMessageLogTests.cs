using Hubbub.Backplane.Log;
using Npgsql;

namespace Hubbub.Backplane.Tests.Stores.Postgres;

public sealed class PostgresMessageLogTests(PostgresDatabase database) : MessageLogSpecification, IClassFixture<PostgresDatabase>
{
    private NpgsqlDataSource? _source;

    protected override ValueTask<IMessageLog> CreateAsync()
    {
        _source ??= database.CreateSource();
        return ValueTask.FromResult<IMessageLog>(PostgresDatabase.CreateLog(_source));
    }
}

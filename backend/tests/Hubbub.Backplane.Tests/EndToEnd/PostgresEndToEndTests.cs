using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Stores.Postgres;
using Npgsql;

namespace Hubbub.Backplane.Tests.EndToEnd;

/// <summary>Over PostgreSQL; each application has connections of its own.</summary>
public class PostgresEndToEndTests(PostgresDatabase database) : EndToEndSpecification, IClassFixture<PostgresDatabase>
{
    private readonly List<NpgsqlDataSource> _sources = [];

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var source in _sources)
            await source.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override Task<IMessageLog> OpenLogAsync()
    {
        var source = database.CreateSource();
        _sources.Add(source);
        return Task.FromResult<IMessageLog>(PostgresDatabase.CreateLog(source));
    }
}

/// <summary>The same with clients that speak MessagePack.</summary>
public sealed class PostgresMessagePackEndToEndTests(PostgresDatabase database) : PostgresEndToEndTests(database)
{
    /// <inheritdoc />
    protected override string Protocol => "messagepack";
}

using Hubbub.Backplane.Log;
using Hubbub.Backplane.Tests.Stores.Postgres;
using Npgsql;

namespace Hubbub.Backplane.Tests.Specification;

/// <summary>The specification over PostgreSQL; each replica has connections of its own.</summary>
public class PostgresLifetimeManagerTests(PostgresDatabase database) : LifetimeManagerSpecification, IClassFixture<PostgresDatabase>
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
public sealed class PostgresMessagePackLifetimeManagerTests(PostgresDatabase database) : PostgresLifetimeManagerTests(database)
{
    /// <inheritdoc />
    protected override string Protocol => "messagepack";
}

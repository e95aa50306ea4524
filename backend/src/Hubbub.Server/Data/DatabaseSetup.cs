using System.Diagnostics;
using Dapper;
using Npgsql;

namespace Hubbub.Server.Data;

/// <summary>PostgreSQL: one pool for the process, and the schema brought up to date before anything else starts.</summary>
internal static class DatabaseSetup
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "Hubbub";

    // What holds where the connection string says nothing else. Waiting longer than these times helps nobody who looks at a page.
    // Npgsql before 10.0.3 asks for GSS encryption first, and when that attempt is cut off, as by a server that restarts, it goes on with a
    // connection that is broken for good (npgsql/npgsql#6506).
    private const string Defaults = "Timeout=5;Command Timeout=15;Maximum Pool Size=40;Application Name=hubbub;GSS Encryption Mode=Disable;";

    /// <summary>Registers the <see cref="NpgsqlDataSource"/> and the migrator.</summary>
    public static void AddData(this IHostApplicationBuilder builder)
    {
        // A row's columns are snake_case, a record's parameters PascalCase.
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.AddTypeHandler(new UtcTimes());
        SqlMapper.AddTypeHandler(new TextArrays());

        builder.Services.AddOptions<DatabaseOptions>().BindConfiguration("Data").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => CreateDataSource(
            services.GetRequiredService<IConfiguration>(), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(_ => MigrationFile.ReadAll(typeof(DatabaseSetup).Assembly));
        builder.Services.AddSingleton<Migrator>();
        builder.Services.AddSingleton<DatabaseStart>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
    }

    /// <summary>A source of connections to the database of the settings.</summary>
    /// <param name="configuration">Where the connection string is.</param>
    /// <param name="loggers">Npgsql's.</param>
    /// <param name="adjust">What is to be otherwise than for everybody.</param>
    /// <exception cref="StartException">There is no connection string, or it is none.</exception>
    internal static NpgsqlDataSource CreateDataSource(
        IConfiguration configuration, ILoggerFactory loggers, Action<NpgsqlConnectionStringBuilder>? adjust = null)
    {
        var text = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrWhiteSpace(text))
            throw new StartException($"No database: set ConnectionStrings__{ConnectionName} to the connection string of a PostgreSQL server");

        try
        {
            var source = new NpgsqlDataSourceBuilder(Defaults + text);
            source.UseLoggerFactory(loggers);
            // The name in metrics, which would be the connection string. Statements outside of any trace are those of polls, several a second.
            source.Name = "hubbub";
            source.ConfigureTracing(tracing => tracing
                .EnablePhysicalOpenTracing(false)
                .ConfigureCommandFilter(_ => Activity.Current is not null)
                .ConfigureBatchFilter(_ => Activity.Current is not null)
                .ConfigureCopyOperationFilter(_ => Activity.Current is not null));
            adjust?.Invoke(source.ConnectionStringBuilder);
            return source.Build();
        }
        catch (ArgumentException e)
        {
            throw new StartException($"ConnectionStrings__{ConnectionName} is not a PostgreSQL connection string: {e.Message}", e);
        }
    }
}

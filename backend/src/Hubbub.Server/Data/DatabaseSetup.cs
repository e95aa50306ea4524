using Dapper;
using Npgsql;

namespace Hubbub.Server.Data;

/// <summary>PostgreSQL: one pool for the process, and the schema brought up to date before anything else starts.</summary>
internal static class DatabaseSetup
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "Hubbub";

    /// <summary>Registers the <see cref="NpgsqlDataSource"/> and the migrator. To be called before other features that start something.</summary>
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
        builder.Services.AddHostedService<DatabaseStart>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"], timeout: TimeSpan.FromSeconds(3));
    }

    private static NpgsqlDataSource CreateDataSource(IConfiguration configuration, ILoggerFactory loggers)
    {
        var text = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrWhiteSpace(text))
            throw new StartException($"No database: set ConnectionStrings__{ConnectionName} to the connection string of a PostgreSQL server");

        NpgsqlDataSourceBuilder source;
        try
        {
            source = new NpgsqlDataSourceBuilder(text);
        }
        catch (ArgumentException e)
        {
            throw new StartException($"ConnectionStrings__{ConnectionName} is not a PostgreSQL connection string: {e.Message}", e);
        }

        // What the connection string does not say. Waiting longer than these helps nobody who looks at a page.
        var settings = source.ConnectionStringBuilder;
        if (!settings.ContainsKey("Timeout"))
            settings.Timeout = 5;
        if (!settings.ContainsKey("Command Timeout"))
            settings.CommandTimeout = 15;
        if (!settings.ContainsKey("Maximum Pool Size"))
            settings.MaxPoolSize = 40;
        if (!settings.ContainsKey("Application Name"))
            settings.ApplicationName = "hubbub";
        source.UseLoggerFactory(loggers);
        return source.Build();
    }
}

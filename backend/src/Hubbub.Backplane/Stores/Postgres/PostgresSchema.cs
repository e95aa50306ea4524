using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Hubbub.Backplane.Stores.Postgres;

/// <summary>
/// Makes the tables and functions of the log, once per database, whichever replica comes first, and brings older ones up to date.
/// </summary>
/// <remarks>
/// A migration says from which version of this code on its result can be used, so that replicas of two versions can run side by side
/// during an upgrade. To add one: append to <see cref="Migrations"/>; never change a released one.
/// </remarks>
internal sealed partial class PostgresSchema
{
    /// <summary>Migration <c>n</c> (from 1) makes version <c>n</c>; <c>CompatibleFrom</c> is the oldest code that can use it.</summary>
    private static readonly (int CompatibleFrom, Func<string, string> Script)[] Migrations =
        [(1, PostgresSchemaScript.Version1), (1, PostgresSchemaScript.Version2), (1, PostgresSchemaScript.Version3)];

    private readonly string _schema;

    public PostgresSchema(string schema)
    {
        if (!SchemaName().IsMatch(schema))
            throw new ArgumentException($"'{schema}' cannot name the log's schema.", nameof(schema));
        _schema = schema;
    }

    /// <exception cref="InvalidOperationException">The schema was made by a newer version that this one cannot use.</exception>
    public async Task EnsureAsync(NpgsqlConnection connection)
    {
        // Outside the lock first: it needs no right to create anything.
        if (await IsReadyAsync(connection))
            return;

        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock(hashtextextended('{_schema}', 0))");
        if (!await IsReadyAsync(connection))
        {
            var version = await VersionAsync(connection) is var (current, _) ? current : 0;
            for (; version < Migrations.Length; version++)
            {
                var (compatibleFrom, script) = Migrations[version];
                await ExecuteAsync(connection, script(_schema));
                await ExecuteAsync(
                    connection,
                    string.Create(CultureInfo.InvariantCulture, $"update {_schema}.version set version = {version + 1}, compatible_from = {compatibleFrom}"));
            }
        }

        await transaction.CommitAsync();
    }

    private async Task<bool> IsReadyAsync(NpgsqlConnection connection)
    {
        if (await VersionAsync(connection) is not var (version, compatibleFrom))
            return false;
        if (compatibleFrom > Migrations.Length)
        {
            throw new InvalidOperationException(
                $"The schema {_schema} has version {version}, which needs a newer Hubbub than this one (it knows {Migrations.Length}).");
        }

        return version >= Migrations.Length;
    }

    private async Task<(int Version, int CompatibleFrom)?> VersionAsync(NpgsqlConnection connection)
    {
        // Not to_regclass: it may answer from what this session has looked up before another one made the table.
        await using var exists = new NpgsqlCommand(
            $"select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = '{_schema}' and c.relname = 'version')",
            connection);
        if (await exists.ExecuteScalarAsync() is not true)
            return null;

        await using var command = new NpgsqlCommand($"select version, compatible_from from {_schema}.version", connection);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetInt32(0), reader.GetInt32(1)) : null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,39}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemaName();
}

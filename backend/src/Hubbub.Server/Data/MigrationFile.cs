using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Hubbub.Server.Data;

/// <summary>A step of the schema: <c>&lt;Feature&gt;/Migrations/NNN_name.sql</c>, embedded into the assembly.</summary>
/// <param name="Number">Orders the steps of all features, from 1, unique.</param>
/// <param name="Name">The file's name without number and extension.</param>
/// <param name="Sql">One or more statements, run in a transaction.</param>
internal sealed partial record MigrationFile(int Number, string Name, string Sql)
{
    /// <summary>Hexadecimal SHA-256 of the text with Unix line ends, so that it is the same for every checkout.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>All steps in an assembly, by number.</summary>
    /// <exception cref="InvalidOperationException">Two files have the same number.</exception>
    public static IReadOnlyList<MigrationFile> ReadAll(Assembly assembly)
    {
        var files = new SortedDictionary<int, MigrationFile>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var match = ResourceName().Match(resource);
            if (!match.Success)
                continue;

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var number = int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
            var file = new MigrationFile(number, match.Groups["name"].Value, reader.ReadToEnd());
            if (!files.TryAdd(number, file))
                throw new InvalidOperationException($"Two migrations have the number {number}: {files[number].Name} and {file.Name}");
        }

        return [.. files.Values];
    }

    [GeneratedRegex(@"\.Migrations\.(?<number>\d{3})_(?<name>\w+)\.sql$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ResourceName();
}

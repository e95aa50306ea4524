using System.Globalization;

namespace Hubbub.Bench;

/// <summary>A command and its <c>--name value</c> options.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    public Arguments(string[] args)
    {
        Command = args.FirstOrDefault();
        for (var i = 1; i < args.Length; i += 2)
        {
            IsValid &= args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length;
            if (IsValid)
                _values[args[i][2..]] = args[i + 1];
        }
    }

    public string? Command { get; }

    public bool IsValid { get; } = true;

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The options as they are given to a server of their own.</summary>
    public IEnumerable<string> ForServer(string system, int port)
    {
        string[] first = ["serve", "--system", system, "--port", port.ToString(CultureInfo.InvariantCulture)];
        return first.Concat(_values.Where(v => v.Key is "redis" or "postgres" or "prefix" or "protocols").SelectMany(v => new[] { "--" + v.Key, v.Value }));
    }

    public Arguments With(string name, string value)
    {
        var copy = new Arguments([Command ?? ""]);
        foreach (var (key, old) in _values)
            copy._values[key] = old;
        copy._values[name] = value;
        return copy;
    }
}

using Microsoft.AspNetCore.Http.HttpResults;

namespace Hubbub.Server.Platform;

/// <summary>Collects what is wrong with a request, by field.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public bool Any => _errors.Count > 0;

    public void Add(string field, string sentence) => _errors[field] = [.. _errors.GetValueOrDefault(field, []), sentence];

    public ValidationProblem ToProblem() => TypedResults.ValidationProblem(_errors);
}

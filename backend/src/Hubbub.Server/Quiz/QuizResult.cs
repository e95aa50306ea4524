using System.Diagnostics.CodeAnalysis;

namespace Hubbub.Server.Quiz;

/// <summary>Either what was asked for or why not.</summary>
internal readonly struct QuizResult<T>
{
    private readonly T? _value;
    private readonly QuizError? _error;

    private QuizResult(T? value, QuizError? error)
    {
        _value = value;
        _error = error;
    }

    public static implicit operator QuizResult<T>(T value) => new(value, error: null);

    public static implicit operator QuizResult<T>(QuizError error) => new(default, error);

    /// <summary>True with the value, false with the refusal.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out QuizError? error)
    {
        value = _value;
        error = _error;
        return error is null;
    }
}

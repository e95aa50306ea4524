using System.Diagnostics.CodeAnalysis;

namespace Hubbub.Server.Chat;

/// <summary>Either what was asked for or why not: refusals are ordinary, exceptions mean surprise.</summary>
internal readonly struct ChatResult<T>
{
    private readonly T? _value;

    private ChatResult(T? value, ChatError? error)
    {
        _value = value;
        Error = error;
    }

    public ChatError? Error { get; }

    public static implicit operator ChatResult<T>(T value) => new(value, error: null);

    public static implicit operator ChatResult<T>(ChatError error) => new(default, error);

    /// <summary>True with the value, false with the refusal.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ChatError? error)
    {
        value = _value;
        error = Error;
        return error is null;
    }
}

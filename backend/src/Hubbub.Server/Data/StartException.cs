namespace Hubbub.Server.Data;

/// <summary>A replica cannot start. The message is one line for the operator; <c>Program</c> prints it and ends with exit code 1.</summary>
internal sealed class StartException : Exception
{
    public StartException(string message)
        : base(message)
    {
    }

    public StartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

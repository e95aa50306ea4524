namespace Hubbub.Backplane.Log;

/// <summary>The store behind the log cannot be reached, or did not answer in time. Whether an append was stored is not known.</summary>
public sealed class MessageLogUnavailableException : Exception
{
    public MessageLogUnavailableException()
    {
    }

    public MessageLogUnavailableException(string message)
        : base(message)
    {
    }

    public MessageLogUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace Hubbub.Backplane;

/// <summary>
/// A send could not be stored within <see cref="BackplaneOptions.PublishBudget"/>, or the queue before the store is full. It is not known
/// to be stored and not known to be lost: whoever repeats it gives it an <see cref="IIdempotentPayload"/>.
/// </summary>
public sealed class BackplaneUnavailableException : Exception
{
    public BackplaneUnavailableException()
    {
    }

    public BackplaneUnavailableException(string message)
        : base(message)
    {
    }

    public BackplaneUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

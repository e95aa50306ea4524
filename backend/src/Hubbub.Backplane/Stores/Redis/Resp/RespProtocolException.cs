namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>
/// What came is not RESP, is larger than we take, or is not the kind of reply that was asked for. The connection is of no more use.
/// </summary>
internal sealed class RespProtocolException : Exception
{
    public RespProtocolException()
    {
    }

    public RespProtocolException(string message)
        : base(message)
    {
    }

    public RespProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

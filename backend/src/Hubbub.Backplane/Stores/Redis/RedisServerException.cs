namespace Hubbub.Backplane.Stores.Redis;

/// <summary>Redis has answered a command with an error that repeating it will not mend.</summary>
public sealed class RedisServerException : Exception
{
    public RedisServerException()
    {
    }

    public RedisServerException(string message)
        : base(message)
    {
    }

    public RedisServerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

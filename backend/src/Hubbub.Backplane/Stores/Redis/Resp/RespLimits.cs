namespace Hubbub.Backplane.Stores.Redis.Resp;

/// <summary>How much a reply may be, so that a confused or hostile server cannot fill our memory.</summary>
/// <param name="MaxReplyBytes">Bodies and texts of one reply together.</param>
/// <param name="MaxElements">Elements of all arrays of one reply together.</param>
/// <param name="MaxDepth">Arrays within arrays.</param>
/// <param name="MaxLineBytes">A line, with its end.</param>
internal sealed record RespLimits(int MaxReplyBytes, int MaxElements, int MaxDepth, int MaxLineBytes)
{
    /// <summary>Room for the largest read of a log: one record of the largest size, or many small ones.</summary>
    public static RespLimits Default { get; } = new(
        MaxReplyBytes: LogArguments.MaxBodyBytes + LogArguments.MaxReadBytes,
        MaxElements: 2 * LogArguments.MaxReadRecords,
        MaxDepth: 4,
        MaxLineBytes: 16 * 1024);
}

using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Chat;

/// <summary>How fast people may do things, on this replica.</summary>
internal sealed class ChatRates : IAsyncDisposable
{
    private readonly PartitionedRateLimiter<string> _connectionSends;
    private readonly PartitionedRateLimiter<string> _userSends;
    private readonly PartitionedRateLimiter<string> _userChanges;

    public ChatRates(IOptions<ChatOptions> options)
    {
        _connectionSends = options.Value.SendsPerConnection.Buckets<string>();
        _userSends = options.Value.SendsPerUser.Buckets<string>();
        _userChanges = options.Value.ChangesPerUser.Buckets<string>();
    }

    /// <summary>Takes the right to send one message; null if it is granted.</summary>
    public ChatError? TakeSend(string connectionId, Guid userId) =>
        Take(_connectionSends, connectionId) ?? Take(_userSends, userId.ToString());

    /// <summary>Takes the right to change something else; null if it is granted.</summary>
    public ChatError? TakeChange(Guid userId) => Take(_userChanges, userId.ToString());

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _connectionSends.DisposeAsync();
        await _userSends.DisposeAsync();
        await _userChanges.DisposeAsync();
    }

    private static ChatError? Take(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired)
            return null;

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        return new ChatError(ChatErrorCodes.TooManyRequests, string.Create(CultureInfo.InvariantCulture, $"That is too fast. Try again in {wait} s."))
        {
            RetryAfter = wait,
        };
    }
}

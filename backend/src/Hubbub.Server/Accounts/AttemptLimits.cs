using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Accounts;

/// <summary>
/// Slows down who guesses passwords or registers in bulk, by address and by user name. Each replica counts for itself; the lockout of an
/// account, which is in the database, holds for all.
/// </summary>
internal sealed class AttemptLimits(IOptions<AccountOptions> options) : IDisposable
{
    private readonly AttemptLimit _login = new(options.Value.RateLimits.Login);
    private readonly AttemptLimit _register = new(options.Value.RateLimits.Register);

    /// <summary>Counts a sign-in. Null, or how long to wait.</summary>
    public TimeSpan? TakeLogin(IPAddress? address, string userName) => _login.Take(address, userName);

    /// <summary>Counts a registration. Null, or how long to wait.</summary>
    public TimeSpan? TakeRegistration(IPAddress? address, string userName) => _register.Take(address, userName);

    /// <inheritdoc />
    public void Dispose()
    {
        _login.Dispose();
        _register.Dispose();
    }

    private sealed class AttemptLimit(AttemptRates rates) : IDisposable
    {
        private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

        private readonly PartitionedRateLimiter<int> _addresses = CreateLimiter(rates.PerAddress);
        private readonly PartitionedRateLimiter<int> _accounts = CreateLimiter(rates.PerAccount);

        public TimeSpan? Take(IPAddress? address, string userName) =>
            Take(_addresses, Bucket(NetworkOf(address))) ?? Take(_accounts, Bucket(userName.ToUpperInvariant()));

        public void Dispose()
        {
            _addresses.Dispose();
            _accounts.Dispose();
        }

        private static TimeSpan? Take(PartitionedRateLimiter<int> limiter, int bucket)
        {
            using var lease = limiter.AttemptAcquire(bucket);
            if (lease.IsAcquired)
                return null;
            return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Minute;
        }

        // So many partitions and no more, however many names somebody tries. Hash codes of strings differ from process to process, so
        // nobody can look for a name that falls together with somebody else's.
        private static int Bucket(string key) => string.GetHashCode(key, StringComparison.Ordinal) & 0xFFFF;

        private static PartitionedRateLimiter<int> CreateLimiter(int perMinute)
        {
            // Returned in steps of a tenth, or one by one.
            var step = (perMinute + 9) / 10;
            var options = new TokenBucketRateLimiterOptions
            {
                TokenLimit = perMinute,
                TokensPerPeriod = step,
                ReplenishmentPeriod = Minute * step / perMinute,
                QueueLimit = 0,
            };
            return PartitionedRateLimiter.Create<int, int>(bucket => RateLimitPartition.GetTokenBucketLimiter(bucket, _ => options));
        }

        // Somebody with IPv6 has a whole /64 to come from.
        private static string NetworkOf(IPAddress? address)
        {
            if (address is null)
                return string.Empty;
            if (address.IsIPv4MappedToIPv6)
                address = address.MapToIPv4();
            return address.AddressFamily == AddressFamily.InterNetworkV6
                ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
                : address.ToString();
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores;
using Hubbub.Backplane.Stores.Redis;
using Hubbub.Backplane.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>Signing in, TLS, databases, and whose connection it is.</summary>
public sealed class RedisConnectionTests
{
    private const string Stream = "stream";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_signs_in_with_a_password()
    {
        await using var redis = await RedisProcess.StartAsync("--requirepass", "se=cret");
        await using var log = redis.CreateLog(connection: $"127.0.0.1:{redis.Port},password=se=cret");
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);

        Assert.Equal(1, (await log.AppendAsync(Stream, "p", 1, "a")).Tail);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it may listen");
    }

    /// <summary>The commands, keys and channels are those of docs/backplane.md.</summary>
    [Fact]
    public async Task It_signs_in_as_a_user_who_may_do_no_more_than_the_docs_say()
    {
        await using var redis = await RedisProcess.StartAsync(
            "--user", "hub", "on", ">pw", "~hubbub:*", "&hubbub:*", "-@all", "+eval", "+evalsha", "+info", "+ping", "+echo", "+hello", "+publish",
            "+subscribe", "+unsubscribe", "+hmget", "+hget", "+hset", "+hgetall", "+hdel", "+xadd", "+xlen", "+xrange", "+xtrim", "+zadd", "+zcard",
            "+zremrangebyscore", "+del", "+unlink", "+time");
        await using var log = redis.CreateLog(connection: $"127.0.0.1:{redis.Port},user=hub,password=pw");
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");

        await log.AppendAsync(Stream, "p", 1, LogTestExtensions.Record("a", "k"), LogTestExtensions.Record("b"));
        await log.TrimAsync(Stream, 1, Token);
        await redis.CommandAsync("HSET", "hubbub:{" + Stream + "}:meta", "p:old", "1 1");
        await log.TrimAsync(Stream, 1, Token);
        var extent = await log.OpenAsync(Stream, Token);
        await log.ReplaceEpochAsync(Stream, extent.Epoch, Token);
        Assert.Equal(["b"], await log.ReadAllAsync(Stream));
        await Eventually.IsTrueAsync(() => bell.Notices.Any(notice => notice.Entries.Count == 2), "it may listen");

        await redis.CommandAsync("DEL", "hubbub:{" + Stream + "}:log");
        Assert.NotEqual(extent.Epoch, (await log.OpenAsync(Stream, Token)).Epoch);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_not_shown()
    {
        await using var redis = await RedisProcess.StartAsync("--requirepass", "secret");
        await using var log = redis.CreateLog(connection: $"127.0.0.1:{redis.Port},password=hunter2");

        var e = await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(Stream, Token));

        Assert.Contains("password", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_password_is_told()
    {
        await using var redis = await RedisProcess.StartAsync("--requirepass", "secret");
        await using var log = redis.CreateLog();

        var e = await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(Stream, Token));

        Assert.Contains("NOAUTH", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_database_holds_the_keys()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog(connection: $"127.0.0.1:{redis.Port},defaultDatabase=1");
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");

        await log.AppendAsync(Stream, "p", 1, "a");

        await Eventually.IsTrueAsync(() => bell.Notices is [.., { Tail: 1 }], "it is notified");
        Assert.Contains("db1:keys=2", (string)(await redis.CommandAsync("INFO", "keyspace"))!, StringComparison.Ordinal);
        Assert.DoesNotContain("db0:", (string)(await redis.CommandAsync("INFO", "keyspace"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channel_prefix_holds_for_what_scripts_publish_too()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog(connection: $"127.0.0.1:{redis.Port},channelPrefix=mine:");
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");

        await log.AppendAsync(Stream, "p", 1, "a");

        await Eventually.IsTrueAsync(() => bell.Notices is [.., { Tail: 1 }], "it is notified");
    }

    [Fact]
    public async Task A_connection_from_the_container_is_used_and_left_open()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var shared = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var services = new ServiceCollection().AddLogging().AddSingleton<IConnectionMultiplexer>(shared).AddRedisMessageLog();
        await using (var provider = services.BuildServiceProvider())
        {
            var log = provider.GetRequiredService<IMessageLog>();
            var bell = new Bell();
            using var subscription = log.Subscribe(Stream, bell.Ring);
            await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");
            Assert.Equal(1, (await log.AppendAsync(Stream, "p", 1, "a")).Tail);
            await Eventually.IsTrueAsync(() => bell.Notices is [.., { Tail: 1 }], "it is notified");
            await log.DisposeAsync();
        }

        Assert.True(shared.IsConnected, "it belongs to somebody else");
        Assert.Equal("PONG", (string?)await shared.GetDatabase().ExecuteAsync("PING"));
    }

    [Fact]
    public async Task A_factory_is_asked_again_until_it_makes_a_connection_which_the_log_closes()
    {
        await using var redis = await RedisProcess.StartAsync();
        var asked = 0;
        ConnectionMultiplexer? made = null;
        var options = new RedisLogOptions
        {
            ConnectionFactory = async () => ++asked == 1
                ? throw new RedisException("Not yet.")
                : made = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}"),
        };
        var log = RedisProcess.CreateLog(options);

        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(Stream, Token));
        Assert.Equal(0, (await log.OpenAsync(Stream, Token)).Tail);
        await log.DisposeAsync();

        Assert.Equal(2, asked);
        Assert.False(made!.IsConnected);
    }

    [Theory]
    [InlineData("allkeys-lru", true)]
    [InlineData("noeviction", false)]
    public async Task A_server_that_may_evict_is_warned_about_once(string policy, bool warns)
    {
        await using var redis = await RedisProcess.StartAsync("--maxmemory-policy", policy);
        using var lines = new LogLines();
        await using var log = RedisProcess.CreateLog(redis.Options(), logger: lines.CreateLogger("redis"));
        await log.OpenAsync(Stream, Token);
        await Eventually.IsTrueAsync(
            async () => ((string)(await redis.CommandAsync("INFO", "commandstats"))!).Contains("cmdstat_info:calls=", StringComparison.Ordinal), "it asks");

        if (warns)
            await Eventually.IsTrueAsync(() => lines.Events.Contains("RedisMayEvict"), "it warns");
        await redis.KillClientsAsync();
        await Eventually.IsTrueAsync(() => lines.Information.Contains("RedisLost"), "the connection is lost");
        await Eventually.AvailableAsync(() => log.OpenAsync(Stream, Token));

        Assert.Equal(warns ? 1 : 0, lines.Events.Count(e => e == "RedisMayEvict"));
    }

    [Fact]
    public async Task It_speaks_tls_and_checks_the_certificate()
    {
        using var certificate = SelfSigned();
        var folder = Directory.CreateTempSubdirectory("hubbub-tls-");
        var (crt, key) = (Path.Combine(folder.FullName, "redis.crt"), Path.Combine(folder.FullName, "redis.key"));
        await File.WriteAllTextAsync(crt, certificate.ExportCertificatePem(), Token);
        await File.WriteAllTextAsync(key, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(), Token);
        var port = RedisProcess.FreePort();
        await using var redis = await RedisProcess.StartAsync(
            "--tls-port", $"{port}", "--tls-cert-file", crt, "--tls-key-file", key, "--tls-ca-cert-file", crt, "--tls-auth-clients", "no");
        folder.Delete(recursive: true);

        await using var trusting = redis.CreateLog(connection: $"127.0.0.1:{port},ssl=true", change: options =>
            options.Configuration!.CertificateValidation += (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString());
        var big = new byte[2 * 1024 * 1024];
        Random.Shared.NextBytes(big);
        await trusting.AppendAsync(Stream, "p", 1, new NewRecord(big, null));
        Assert.Equal(big, (await trusting.ReadAsync(Stream, 0, 1, Token)).Entries[0].Body.ToArray());

        await using var careful = redis.CreateLog(connection: $"127.0.0.1:{port},ssl=true");
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await careful.OpenAsync(Stream, Token));
    }

    [Fact]
    public async Task Nobody_at_the_port_is_unavailable()
    {
        var options = new RedisLogOptions();
        options.UseConnectionString($"127.0.0.1:{RedisProcess.FreePort()}");
        await using var log = RedisProcess.CreateLog(options);

        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(Stream, Token));
    }

    [Fact]
    public async Task Many_calls_and_the_notifications_share_one_connection()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it listens");

        await Task.WhenAll(Enumerable.Range(1, 200).Select(i => log.AppendAsync(Stream, $"p{i}", 1, "a").AsTask()));

        Assert.Single(await redis.ClientsAsync());
    }

    [Fact]
    public async Task A_connection_on_which_a_reply_is_overdue_is_given_up_and_one_on_which_a_caller_lost_patience_is_not()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var proxy = new StallingProxy("127.0.0.1", redis.Port);
        await using var log = redis.CreateLog(TimeSpan.FromSeconds(1), $"127.0.0.1:{proxy.Port}");
        await log.OpenAsync(Stream, Token);

        proxy.Stall();
        using var hasty = new CancellationTokenSource();
        var cancelled = log.OpenAsync(Stream, hasty.Token).AsTask();
        await hasty.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        proxy.Resume();
        await log.OpenAsync(Stream, Token);
        Assert.Equal(1, proxy.Accepted);

        proxy.Stall();
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(Stream, Token));
        proxy.Resume();
        await Eventually.AvailableAsync(() => log.OpenAsync(Stream, Token));
        Assert.True(proxy.Accepted > 1, "there is a new connection");
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

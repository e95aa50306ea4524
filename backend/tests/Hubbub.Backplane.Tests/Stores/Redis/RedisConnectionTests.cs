using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Stores.Redis;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Stores.Redis;

/// <summary>Signing in, TLS, and the limits of the client.</summary>
public sealed class RedisConnectionTests
{
    private const string Stream = "stream";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_signs_in_with_a_password()
    {
        await using var redis = await RedisProcess.StartAsync("--requirepass", "se=cret");
        await using var log = redis.CreateLog(change: options => options.UseConnectionString($"127.0.0.1:{redis.Port},password=se=cret"));
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);

        Assert.Equal(1, (await log.AppendAsync(Stream, "p", 1, "a")).Tail);
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it may listen");
    }

    /// <summary>The list of commands and keys is the one in the remarks of the store.</summary>
    [Fact]
    public async Task It_signs_in_as_a_user_who_may_do_no_more_than_needed()
    {
        await using var redis = await RedisProcess.StartAsync(
            "--user", "hub", "on", ">pw", "~hubbub:*", "&hubbub:*", "-@all", "+eval", "+evalsha", "+info", "+publish", "+subscribe", "+unsubscribe", "+ping",
            "+@hash", "+@stream", "+@sortedset", "+del", "+unlink", "+time");
        await using var log = redis.CreateLog(change: options => options.UseConnectionString($"127.0.0.1:{redis.Port},user=hub,password=pw"));
        var bell = new Bell();
        using var subscription = log.Subscribe(Stream, bell.Ring);

        await log.AppendAsync(Stream, "p", 1, LogTestExtensions.Record("a", "k"), LogTestExtensions.Record("b"));
        await log.TrimAsync(Stream, 1, Token);
        var extent = await log.OpenAsync(Stream, Token);
        await log.ReplaceEpochAsync(Stream, extent.Epoch, Token);

        Assert.Equal(["b"], await log.ReadAllAsync(Stream));
        await Eventually.IsTrueAsync(() => bell.Count > 0, "it may listen");
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_not_shown()
    {
        await using var redis = await RedisProcess.StartAsync("--requirepass", "secret");
        await using var log = redis.CreateLog(change: options => options.Password = "hunter2");

        var e = await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(Stream, Token));

        Assert.Contains("WRONGPASS", e.Message, StringComparison.Ordinal);
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

        await using var trusting = redis.CreateLog(change: options =>
        {
            options.UseConnectionString($"127.0.0.1:{port},ssl=true");
            options.ValidateCertificate = (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString();
        });
        var big = new byte[2 * 1024 * 1024];
        Random.Shared.NextBytes(big);
        await trusting.AppendAsync(Stream, "p", 1, new NewRecord(big, null));
        Assert.Equal(big, (await trusting.ReadAsync(Stream, 0, 1, Token)).Entries[0].Body.ToArray());

        await using var careful = redis.CreateLog(change: options => options.UseConnectionString($"127.0.0.1:{port},ssl=true"));
        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await careful.OpenAsync(Stream, Token));
    }

    [Fact]
    public async Task Nobody_at_the_port_is_unavailable()
    {
        var options = new RedisLogOptions { Host = "127.0.0.1", Port = RedisProcess.FreePort() };
        await using var log = new RedisMessageLog(options, RedisProcess.CreateServer(options));

        await Assert.ThrowsAsync<MessageLogUnavailableException>(async () => await log.OpenAsync(Stream, Token));
    }

    [Fact]
    public async Task More_commands_than_may_be_under_way_wait_for_their_turn()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog(change: options => options.MaxInFlight = 2);

        var extents = await Task.WhenAll(Enumerable.Range(1, 200).Select(i => log.AppendAsync(Stream, $"p{i}", 1, "a").AsTask()));

        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), extents.Select(e => e.Tail).Order());
    }

    [Fact]
    public async Task Many_calls_share_one_connection()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var log = redis.CreateLog();

        await Task.WhenAll(Enumerable.Range(1, 200).Select(i => log.AppendAsync(Stream, $"p{i}", 1, "a").AsTask()));

        var clients = (await redis.CommandAsync("CLIENT", "LIST")).AsText().Trim().Split('\n');
        Assert.Equal(2, clients.Length);
    }

    [Fact]
    public async Task A_connection_on_which_a_reply_is_overdue_is_given_up_and_one_on_which_a_caller_lost_patience_is_not()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var proxy = new StallingProxy("127.0.0.1", redis.Port);
        await using var log = redis.CreateLog(
            change: options => (options.Port, options.CommandTimeout) = (proxy.Port, TimeSpan.FromSeconds(1)));
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

using Hubbub.Backplane.Stores.Redis;

namespace Hubbub.Backplane.Tests.Stores.Redis;

public sealed class RedisLogOptionsTests
{
    [Theory]
    [InlineData("redis", "redis", 6379, null, null, false)]
    [InlineData("127.0.0.1:6380", "127.0.0.1", 6380, null, null, false)]
    [InlineData("[::1]:6380", "::1", 6380, null, null, false)]
    [InlineData("[::1]", "::1", 6379, null, null, false)]
    [InlineData("r.example:1,password=p=q,user=u,ssl=true", "r.example", 1, "u", "p=q", true)]
    [InlineData(" r:1 , Password = x , SSL=False", "r", 1, null, "x", false)]
    public void A_connection_string_is_taken_over(string text, string host, int port, string? user, string? password, bool ssl)
    {
        var options = new RedisLogOptions();

        options.UseConnectionString(text);

        Assert.Equal((host, port, user, password, ssl), (options.Host, options.Port, options.User, options.Password, options.Ssl));
    }

    [Theory]
    [InlineData("r:0")]
    [InlineData("r:65536")]
    [InlineData("r:")]
    [InlineData("r:x")]
    [InlineData(":6379")]
    [InlineData("two words:1")]
    [InlineData("r:1,ssl=perhaps")]
    [InlineData("r:1,password=secret,secret")]
    [InlineData("r:1,abortConnect=secret")]
    [InlineData("r:1,")]
    public void Another_form_is_refused_without_showing_secrets(string text)
    {
        var e = Assert.Throws<FormatException>(() => new RedisLogOptions().UseConnectionString(text));

        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Nothing_is_refused(string text) => Assert.Throws<ArgumentException>(() => new RedisLogOptions().UseConnectionString(text));
}

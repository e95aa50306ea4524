using Hubbub.Backplane.Stores.Redis;


namespace Hubbub.Backplane.Tests.Stores.Redis;

public sealed class RedisLogOptionsTests
{
    [Theory]
    [InlineData("redis", "redis:6379")]
    [InlineData("127.0.0.1:6380", "127.0.0.1:6380")]
    [InlineData("[::1]:6380", "[::1]:6380")]
    [InlineData("r.example:1,password=p=q,user=u,ssl=true", "r.example:1")]
    [InlineData(" r:1 , Password = x , SSL=False", "r:1")]
    [InlineData("a:1,b:2,serviceName=primary", "a:1 b:2")]
    [InlineData("r,defaultDatabase=1,abortConnect=true,syncTimeout=100", "r:6379")]
    public void A_connection_string_of_StackExchange_Redis_is_taken_over(string text, string endpoints)
    {
        var options = new RedisLogOptions();

        options.UseConnectionString(text);

        var configuration = options.Configuration!.Clone();
        configuration.SetDefaultPorts();
        Assert.Equal(endpoints.Split(' '), configuration.EndPoints.Select(Format));
    }

    [Fact]
    public void What_it_says_is_kept()
    {
        var options = RedisConnectionString.Parse("r:1,password=p=q,user=u,ssl=true,defaultDatabase=3,serviceName=s");

        Assert.Equal(("u", "p=q", true, 3, "s"), (options.User, options.Password, options.Ssl, options.DefaultDatabase, options.ServiceName));
    }

    [Theory]
    [InlineData("r:0")]
    [InlineData("r:65536")]
    [InlineData("r:")]
    [InlineData("r:x")]
    [InlineData(":6379")]
    [InlineData("two words:1")]
    [InlineData("r:1,ssl=perhaps")]
    [InlineData("r:1,defaultDatabase=secret")]
    [InlineData("r:1,password=secret,secret")]
    [InlineData("r:1,password=half a ,secret=1")]
    [InlineData("r:1,unheardOf=secret")]
    [InlineData("password=secret,r:1")]
    [InlineData("r:1,")]
    public void Another_form_is_refused_in_one_sentence_without_showing_secrets(string text)
    {
        var e = Assert.Throws<FormatException>(() => new RedisLogOptions().UseConnectionString(text));

        Assert.DoesNotContain("secret", e.Message + e.InnerException, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Nothing_is_refused(string text) => Assert.Throws<ArgumentException>(() => new RedisLogOptions().UseConnectionString(text));

    private static string Format(System.Net.EndPoint endpoint) =>
        endpoint is System.Net.DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endpoint.ToString()!;
}

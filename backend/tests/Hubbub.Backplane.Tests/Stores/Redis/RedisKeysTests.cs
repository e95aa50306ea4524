using Hubbub.Backplane.Stores.Redis;

namespace Hubbub.Backplane.Tests.Stores.Redis;

public sealed class RedisKeysTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("}")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("}a{b}")]
    public void All_keys_of_a_stream_have_one_hash_tag(string stream)
    {
        var keys = new RedisKeys("app:", stream).All.Select(key => key.ToString()).ToList();

        Assert.Single(keys.Select(HashTag).Distinct(StringComparer.Ordinal));
        Assert.All(keys, key => Assert.StartsWith("app:", key, StringComparison.Ordinal));
    }

    [Fact]
    public void No_two_streams_share_a_key()
    {
        string[] streams = ["a", "{a}", "a}", "%7Ba", "{a", "a:meta", "a}:meta"];

        var keys = streams.SelectMany(stream => (string[])[.. new RedisKeys("", stream).All.Select(key => key.ToString()), new RedisKeys("", stream).Channel]).ToList();

        Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>What Redis hashes: the text within the first braces, if there is any.</summary>
    private static string HashTag(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : key.IndexOf('}', open);
        Assert.True(close > open + 1, "there is a tag");
        return key[(open + 1)..close];
    }
}

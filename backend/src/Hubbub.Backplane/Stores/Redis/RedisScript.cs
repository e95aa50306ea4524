using System.Security.Cryptography;
using System.Text;

namespace Hubbub.Backplane.Stores.Redis;

/// <summary>A Lua script, and the digest under which the server keeps it.</summary>
internal sealed class RedisScript
{
    public RedisScript(string text)
    {
        Text = text;
#pragma warning disable CA5350 // Redis names its scripts by SHA-1; nothing is protected by it.
        Digest = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    public string Text { get; }

    public byte[] Digest { get; }
}

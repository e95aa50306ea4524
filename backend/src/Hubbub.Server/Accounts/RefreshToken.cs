using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Hubbub.Server.Accounts;

/// <summary>
/// What the refresh cookie holds: the secret of a session, which stays and finds it, and the secret of its present turn, which every
/// refresh replaces. Each is 256 bits; written as base64url of both.
/// </summary>
internal sealed class RefreshToken
{
    private const int SecretBytes = 32;
    private const int TextLength = 86;

    private readonly byte[] _bytes;

    private RefreshToken(byte[] bytes) => _bytes = bytes;

    /// <summary>SHA-256 of the session's secret.</summary>
    public byte[] FamilyHash => SHA256.HashData(_bytes.AsSpan(0, SecretBytes));

    /// <summary>SHA-256 of the turn's secret.</summary>
    public byte[] TurnHash => SHA256.HashData(_bytes.AsSpan(SecretBytes));

    /// <summary>The first token of a new session.</summary>
    public static RefreshToken Create() => new(RandomNumberGenerator.GetBytes(2 * SecretBytes));

    /// <summary>A fresh salt for <see cref="Next"/>.</summary>
    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>Reads a cookie.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RefreshToken? token)
    {
        var bytes = new byte[2 * SecretBytes];
        var isToken = text is { Length: TextLength } && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length) && length == bytes.Length;
        token = isToken ? new RefreshToken(bytes) : null;
        return isToken;
    }

    /// <summary>
    /// The token of the turn that follows. It takes this token and the salt, so the database alone cannot make it, nor an old token alone;
    /// and both together make the same one again, which is how two tabs end up with one token.
    /// </summary>
    public RefreshToken Next(byte[] salt)
    {
        var next = (byte[])_bytes.Clone();
        HMACSHA256.HashData(salt, _bytes, next.AsSpan(SecretBytes));
        return new RefreshToken(next);
    }

    /// <summary>The cookie's text.</summary>
    public override string ToString() => Base64Url.EncodeToString(_bytes);
}

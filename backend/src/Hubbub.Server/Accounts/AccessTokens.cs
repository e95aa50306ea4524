using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hubbub.Server.Accounts;

/// <summary>Makes access tokens and says which ones count.</summary>
internal sealed class AccessTokens(SigningKey key, IOptions<AccountOptions> options, TimeProvider time)
{
    private const string Issuer = "hubbub";
    private const string Algorithm = SecurityAlgorithms.HmacSha256;

    /// <summary>The media type of access tokens, RFC 9068: no other token that the same key may sign one day passes for one.</summary>
    private const string Type = "at+jwt";

    // No "not before" and no "issued at": the clocks of two replicas may differ, and a token is used on another one at once.
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token for somebody who has just proved who they are.</summary>
    public SessionAnswer Issue(User user)
    {
        // A token counts in whole seconds.
        var expires = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + options.Value.AccessTokenLifetime).ToUnixTimeSeconds());
        var claims = new List<Claim> { new(Principals.IdClaim, user.Id.ToString("d")), new(Principals.NameClaim, user.UserName) };
        claims.AddRange(user.Roles.Select(role => new Claim(Principals.RoleClaim, role)));

        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = Issuer,
            Audience = Issuer,
            Subject = new ClaimsIdentity(claims),
            Expires = expires.UtcDateTime,
            SigningCredentials = new SigningCredentials(key.Key, Algorithm),
        });
        return new SessionAnswer(token, expires, user);
    }

    /// <summary>What a token has to fulfil.</summary>
    public TokenValidationParameters CreateRules() => new()
    {
        ValidIssuer = Issuer,
        ValidAudience = Issuer,
        ValidAlgorithms = [Algorithm],
        ValidTypes = [Type],
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        IssuerSigningKeyResolver = (_, _, _, _) => [key.Key],
        LifetimeValidator = (notBefore, expires, _, _) => IsCurrent(notBefore, expires, time.GetUtcNow().UtcDateTime),
        NameClaimType = Principals.NameClaim,
        RoleClaimType = Principals.RoleClaim,
    };

    /// <summary>Whether a validated token is one of the kind that <see cref="Issue"/> makes.</summary>
    public static bool IsOurs(SecurityToken token) => token is JsonWebToken jwt && Guid.TryParseExact(jwt.Subject, "d", out _);

    private static bool IsCurrent(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires is { } end && end > now && (notBefore is not { } start || start <= now);
}

using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Hubbub.Server.Accounts;

/// <summary>Makes access tokens and says which ones count.</summary>
internal sealed class AccessTokens(SigningKey key, IOptions<AccountOptions> options, TimeProvider time)
{
    private const string Issuer = "hubbub";
    private const string Algorithm = SecurityAlgorithms.HmacSha256;

    /// <summary>A token for somebody who has just proved who they are.</summary>
    public SessionAnswer Issue(User user)
    {
        // A token counts in whole seconds.
        var expires = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + options.Value.AccessTokenLifetime).ToUnixTimeSeconds());
        var claims = new List<Claim> { new(Principals.IdClaim, user.Id.ToString("d")), new(Principals.NameClaim, user.UserName) };
        claims.AddRange(user.Roles.Select(role => new Claim(Principals.RoleClaim, role)));

        // No "not before": the clocks of two replicas may differ, and a token is taken to another one at once.
        var token = new JwtSecurityToken(
            Issuer, Issuer, claims, notBefore: null, expires.UtcDateTime, new SigningCredentials(key.Key, Algorithm));
        return new SessionAnswer(new JwtSecurityTokenHandler().WriteToken(token), expires, user);
    }

    /// <summary>What a token has to fulfil.</summary>
    public TokenValidationParameters CreateRules() => new()
    {
        ValidIssuer = Issuer,
        ValidAudience = Issuer,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        IssuerSigningKeyResolver = (_, _, _, _) => [key.Key],
        LifetimeValidator = (_, expires, _, _) => expires is { } end && end > time.GetUtcNow().UtcDateTime,
        NameClaimType = Principals.NameClaim,
        RoleClaimType = Principals.RoleClaim,
    };

    /// <summary>Whether a validated token is one of the kind that <see cref="Issue"/> makes.</summary>
    public static bool IsOurs(SecurityToken token) =>
        token is JwtSecurityToken { Header.Alg: Algorithm } jwt && Guid.TryParseExact(jwt.Subject, "d", out _);
}

namespace Hubbub.Server.Accounts;

/// <summary>The cookie that holds the refresh token: out of reach of scripts, and sent to the account endpoints of the same site only.</summary>
internal static class RefreshCookie
{
    /// <summary>Its name.</summary>
    public const string Name = "hubbub_refresh";

    private const string Path = "/api/accounts";

    /// <summary>Sets it.</summary>
    public static void Write(HttpContext context, RefreshToken token, DateTimeOffset expiresAt)
    {
        var options = Options(context);
        options.Expires = expiresAt;
        context.Response.Cookies.Append(Name, token.ToString(), options);
    }

    /// <summary>Deletes it.</summary>
    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    /// <summary>Reads it; null if there is none, or none that could be ours.</summary>
    public static RefreshToken? Read(HttpContext context) =>
        RefreshToken.TryParse(context.Request.Cookies[Name], out var token) ? token : null;

    private static CookieOptions Options(HttpContext context) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = Path, IsEssential = true };
}

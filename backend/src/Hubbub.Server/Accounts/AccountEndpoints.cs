using System.Globalization;
using System.Security.Claims;
using Hubbub.Server.Platform;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Accounts;

/// <summary>Accounts: registering, signing in and out, and knowing who calls.</summary>
internal static class AccountEndpoints
{
    /// <summary>Registers accounts, authentication and the policy <see cref="Policies.Admin"/>.</summary>
    public static void AddAccounts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccountOptions>().BindConfiguration("Accounts").ValidateDataAnnotations().ValidateOnStart();
        services.AddIdentityCore<Account>().AddUserStore<AccountStore>();
        services.AddOptions<IdentityOptions>().Configure<IOptions<AccountOptions>>(Configure);
        services.AddScoped<SignIn>();
        services.AddSingleton<UserNames>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<AttemptLimits>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SigningKey>();
        services.AddHostedService(s => s.GetRequiredService<SigningKey>());
        services.AddHostedService<AdminSeed>();
        services.AddHostedService<SessionSweep>();

        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.ConfigureOptions<BearerRules>();
        services.AddAuthorizationBuilder().AddPolicy(Policies.Admin, policy => policy.RequireRole(Roles.Admin));
    }

    /// <summary>Maps <c>/api/accounts</c>.</summary>
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapApi("/api/accounts", "Accounts");
        accounts.MapGet("/me", Me).RequireSignIn().Describe("GetMe", "Who is signed in.");

        // These go by the cookie, or set it, so they answer to our own pages only.
        var own = accounts.MapGroup(string.Empty).AllowAnonymous().AddEndpointFilter<OwnPagesOnly>()
            .ProducesProblem(StatusCodes.Status403Forbidden);
        own.MapPost("/register", Register).TakesJson().Describe(
            "Register",
            "Makes an account and signs it in; sets the refresh cookie.",
            StatusCodes.Status409Conflict,
            StatusCodes.Status429TooManyRequests);
        own.MapPost("/login", LogIn).TakesJson().Describe(
            "LogIn", "Signs in; sets the refresh cookie.", StatusCodes.Status401Unauthorized, StatusCodes.Status429TooManyRequests);
        own.MapPost("/refresh", Refresh).Describe(
            "Refresh", "Gives a new access token for the refresh cookie, and replaces the cookie.", StatusCodes.Status401Unauthorized);
        own.MapPost("/logout", LogOut).Describe("LogOut", "Ends the session of the refresh cookie, and deletes the cookie.");
    }

    private static void Configure(IdentityOptions identity, IOptions<AccountOptions> options)
    {
        identity.User.AllowedUserNameCharacters = Credentials.UserNameCharacters;
        identity.Password.RequiredLength = Credentials.MinPassword;

        // Length is what counts; rules on the kinds of characters make people choose worse ones.
        identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase =
            identity.Password.RequireNonAlphanumeric = false;
        identity.Lockout.MaxFailedAccessAttempts = options.Value.LockoutAfter;
        identity.Lockout.DefaultLockoutTimeSpan = options.Value.LockoutFor;
    }

    private static async Task<Results<Created<SessionAnswer>, ValidationProblem, ProblemHttpResult>> Register(
        Registration registration,
        UserManager<Account> accounts,
        AttemptLimits limits,
        Sessions sessions,
        AccessTokens tokens,
        HttpContext context)
    {
        var userName = registration.UserName!;
        if (limits.TakeRegistration(context.Connection.RemoteIpAddress, userName) is { } wait)
            return TooMany(context, wait);

        // Nobody shall pass for the administrator where there is none yet.
        if (string.Equals(userName, AdminSeed.UserName, StringComparison.OrdinalIgnoreCase))
            return NameTaken();

        var account = new Account { UserName = userName };
        var result = await accounts.CreateAsync(account, registration.Password!);
        if (result.Errors.Any(e => e.Code == nameof(IdentityErrorDescriber.DuplicateUserName)))
            return NameTaken();
        if (!result.Succeeded)
            return TypedResults.ValidationProblem(FieldErrors(result));

        var user = User.Of(account);
        await StartSessionAsync(context, sessions, user);
        return TypedResults.Created("/api/accounts/me", tokens.Issue(user));
    }

    private static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> LogIn(
        Login login, SignIn signIn, AttemptLimits limits, Sessions sessions, AccessTokens tokens, HttpContext context)
    {
        if (limits.TakeLogin(context.Connection.RemoteIpAddress, login.UserName!) is { } wait)
            return TooMany(context, wait);
        if (await signIn.TryAsync(login.UserName!, login.Password!) is not { } user)
            return TypedResults.Problem("The user name or the password is wrong.", statusCode: StatusCodes.Status401Unauthorized);

        await StartSessionAsync(context, sessions, user);
        return TypedResults.Ok(tokens.Issue(user));
    }

    private static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> Refresh(Sessions sessions, AccessTokens tokens, HttpContext context)
    {
        if (RefreshCookie.Read(context) is not { } token || await sessions.RefreshAsync(token, context.RequestAborted) is not { } session)
        {
            // The cookie stays: by now it may be that of another tab, which has just signed in.
            return TypedResults.Problem("The session has ended. Sign in again.", statusCode: StatusCodes.Status401Unauthorized);
        }

        RefreshCookie.Write(context, session.Token, session.ExpiresAt);
        return TypedResults.Ok(tokens.Issue(session.User));
    }

    private static async Task<NoContent> LogOut(Sessions sessions, HttpContext context)
    {
        if (RefreshCookie.Read(context) is { } token)
            await sessions.EndAsync(token, context.RequestAborted);
        RefreshCookie.Delete(context);
        return TypedResults.NoContent();
    }

    private static Ok<User> Me(ClaimsPrincipal user) => TypedResults.Ok(
        new User(user.UserId(), user.UserName(), [.. user.FindAll(Principals.RoleClaim).Select(c => c.Value)]));

    private static async Task StartSessionAsync(HttpContext context, Sessions sessions, User user)
    {
        // The cookie is about to be replaced, so nobody could ever sign out of what it stands for.
        if (RefreshCookie.Read(context) is { } old)
            await sessions.EndAsync(old, context.RequestAborted);
        var (token, expiresAt) = await sessions.StartAsync(user.Id, context.RequestAborted);
        RefreshCookie.Write(context, token, expiresAt);
    }

    private static Dictionary<string, string[]> FieldErrors(IdentityResult result) =>
        result.Errors
            .GroupBy(e => e.Code.StartsWith("Password", StringComparison.Ordinal) ? "password" : "userName", e => e.Description, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    private static ProblemHttpResult NameTaken() =>
        TypedResults.Problem("Somebody has this user name already.", statusCode: StatusCodes.Status409Conflict);

    private static ProblemHttpResult TooMany(HttpContext context, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(
            string.Create(CultureInfo.InvariantCulture, $"Too many attempts. Try again in {seconds} s."),
            statusCode: StatusCodes.Status429TooManyRequests);
    }
}

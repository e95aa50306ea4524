using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hubbub.Server.Platform;

/// <summary>What every feature stands on: the server, errors, security headers, health, the app's files.</summary>
internal static class PlatformEndpoints
{
    private static readonly TimeSpan ShutdownBudget = TimeSpan.FromSeconds(10);

    /// <summary>Registers it.</summary>
    public static void AddPlatform(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(ServerLimits.Set);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownBudget);

        // A service that cannot be made is found at the start, not by the first visitor.
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = provider.ValidateScopes = true);

        services.AddSingleton<IHttpContextFactory, TokenHidingContextFactory>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problems.NameFields);
        services.AddExceptionHandler<Problems>();
        services.AddValidation();
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.AllowDuplicateProperties = false);

        // Whoever asks for the health gets the reasons. The log has each outage once, from the part that is out; here it would be once for each question.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        services.AddOptions<CorsSettings>().BindConfiguration("Cors");
        services.AddCors();
        services.Replace(ServiceDescriptor.Singleton<ICorsPolicyProvider, CorsOfReplicas>());
        services.AddSingleton<AllowedOrigins>();
        services.AddSingleton<PagePolicy>();
        services.AddApiDocument();
        builder.AddTelemetry();
    }

    /// <summary>What every request passes, in this order.</summary>
    public static void UsePlatform(this WebApplication app)
    {
        if (app.Configuration.GetSection("Proxy").Get<ProxySettings>()?.ToOptions() is { } proxy)
            app.UseForwardedHeaders(proxy);
        app.UseMiddleware<ReplicaHeaders>();
        app.UseExceptionHandler();
        app.UseStatusCodePages(Problems.DescribeStatusAsync);
        var frontend = app.FindFrontend();
        if (frontend is not null)
            app.UseFrontendFiles(frontend);
        app.UseRouting();
        if (frontend is not null)
            app.UseFrontendPages(frontend);
        app.Use(ServerLimits.SetForEndpoint);
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseOutputCache();
    }
}

using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hubbub.Server.Platform;

/// <summary>What every feature stands on: the server, errors, security headers, health.</summary>
internal static class PlatformEndpoints
{
    /// <summary>Registers it.</summary>
    public static void AddPlatform(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);

        // A service that cannot be made is found at the start, not by the first visitor.
        builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = services.ValidateScopes = true);
    }
}

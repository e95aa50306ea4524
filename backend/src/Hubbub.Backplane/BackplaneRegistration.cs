using Hubbub.Backplane;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Resuming;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the log backplane in place.</summary>
public static class BackplaneRegistration
{
    /// <summary>
    /// Lets all hubs reach the connections of all replicas through the registered <see cref="Hubbub.Backplane.Log.IMessageLog"/>. Add one of the
    /// stores as well.
    /// </summary>
    public static ISignalRServerBuilder AddLogBackplane(this ISignalRServerBuilder signalR, Action<BackplaneOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(signalR);
        var services = signalR.Services;
        services.AddOptions<BackplaneOptions>().Configure(options => configure?.Invoke(options)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<BackplaneMetrics>();
        services.TryAddSingleton<BackplaneStatus>();
        services.AddSingleton(typeof(HubLifetimeManager<>), typeof(LogHubLifetimeManager<>));
        services.AddSingleton(typeof(ILogPosition<>), typeof(LogPosition<>));
        services.AddHostedService<BackplaneStart>();
        services.Configure<HubOptions>(options => options.AddFilter(new ResumeFilter()));
        return signalR;
    }
}

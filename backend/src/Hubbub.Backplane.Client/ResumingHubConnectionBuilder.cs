using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Backplane.Client;

/// <summary>Puts <see cref="ResumingProtocol"/> around whichever protocol was chosen last, which is known only when the connection is built.</summary>
internal sealed class ResumingHubConnectionBuilder(IHubConnectionBuilder inner) : IHubConnectionBuilder
{
    public IServiceCollection Services => inner.Services;

    public HubConnection Build()
    {
        var chosen = Services.Last(service => service.ServiceType == typeof(IHubProtocol));
        var handlers = new HandlerQueue();
        Services.AddSingleton(handlers);
        Services.AddSingleton<IHubProtocol>(
            services => new ResumingProtocol(Create(chosen, services), services.GetRequiredService<ResumePosition>(), handlers));
        var options = (ResumeOptions)Services.Last(service => service.ServiceType == typeof(ResumeOptions)).ImplementationInstance!;

        var connection = inner.Build();
        connection.HandshakeTimeout = options.AttemptTimeout;
        connection.On(HandlerQueue.EndMethod, handlers.Ended);
        return connection;
    }

    private static IHubProtocol Create(ServiceDescriptor chosen, IServiceProvider services) => (IHubProtocol)(
        chosen.ImplementationInstance
        ?? chosen.ImplementationFactory?.Invoke(services)
        ?? ActivatorUtilities.CreateInstance(services, chosen.ImplementationType!));
}

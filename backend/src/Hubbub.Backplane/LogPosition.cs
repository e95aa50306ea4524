using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Backplane;

/// <summary>Finds the position of a hub's log at its lifetime manager.</summary>
internal sealed class LogPosition<THub>(HubLifetimeManager<THub> manager) : ILogPosition<THub>
    where THub : Hub
{
    public string Current => ((LogHubLifetimeManager<THub>)manager).Current;
}

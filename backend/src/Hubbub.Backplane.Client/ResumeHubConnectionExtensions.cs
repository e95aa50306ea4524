using Hubbub.Backplane.Client;

namespace Microsoft.AspNetCore.SignalR.Client;

/// <summary>What a connection that was built with <c>WithResume</c> can say besides what its hub calls.</summary>
public static class ResumeHubConnectionExtensions
{
    /// <summary>
    /// Handles the server's answer to each connection that was made, the first one included, before anything else that comes over it. If
    /// <see cref="Resumption.Resumed"/> is false, load the state that you show anew.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="handler">Calls that come after the answer wait until it is through.</param>
    /// <returns>Ends the handling when disposed of.</returns>
    public static IDisposable OnResumed(this HubConnection connection, Func<Resumption, Task> handler) =>
        connection.On(ResumingProtocol.ResumedMethod, handler);

    /// <summary>
    /// Handles the server's word on whether its replica reaches the log: true when it does not, and false when it does again. Meanwhile nothing comes, and calls
    /// that send may fail.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="handler">Told whether the log is away.</param>
    /// <returns>Ends the handling when disposed of.</returns>
    public static IDisposable OnBackplane(this HubConnection connection, Action<bool> handler) =>
        connection.On<BackplaneState>(ResumingProtocol.BackplaneMethod, state => handler(state.IsAway));
}

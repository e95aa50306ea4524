using System.Collections.Concurrent;
using Hubbub.Backplane;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Platform;

/// <summary>A backplane without a log.</summary>
/// <param name="Manager">Its lifetime manager, an open generic type with the hub as its parameter.</param>
/// <param name="IsAway">Whether an exception of a send means that the backplane could not be reached.</param>
internal sealed record LoglessBackplane(Type Manager, Func<Exception, bool> IsAway);

/// <summary>
/// Lets the rest of the server use somebody else's lifetime manager as it uses the log's: a send that fails because the backplane is away
/// fails with <see cref="BackplaneUnavailableException"/>, and a <see cref="SentOnce"/> is no argument for the client.
/// </summary>
/// <typeparam name="THub">The hub.</typeparam>
internal sealed class LoglessManager<THub> : HubLifetimeManager<THub>, IDisposable
    where THub : Hub
{
    // Nobody answers for a connection that has just ended, and Microsoft's manager would wait half a minute for it.
    private static readonly TimeSpan ElsewherePatience = TimeSpan.FromSeconds(2);

    private readonly HubLifetimeManager<THub> _inner;
    private readonly Func<Exception, bool> _isAway;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, bool> _here = new(StringComparer.Ordinal);

    public LoglessManager(IServiceProvider services, LoglessBackplane backplane, TimeProvider time)
    {
        _inner = (HubLifetimeManager<THub>)ActivatorUtilities.CreateInstance(services, backplane.Manager.MakeGenericType(typeof(THub)));
        _isAway = backplane.IsAway;
        _time = time;
    }

    /// <inheritdoc />
    public void Dispose() => (_inner as IDisposable)?.Dispose();

    /// <inheritdoc />
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        _here[connection.ConnectionId] = true;
        return TryAsync(() => _inner.OnConnectedAsync(connection));
    }

    /// <inheritdoc />
    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        _here.TryRemove(connection.ConnectionId, out _);
        return TryAsync(() => _inner.OnDisconnectedAsync(connection));
    }

    /// <inheritdoc />
    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendAllAsync(methodName, Kept(args), cancellationToken));

    /// <inheritdoc />
    public override Task SendAllExceptAsync(
        string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendAllExceptAsync(methodName, Kept(args), excludedConnectionIds, cancellationToken));

    /// <inheritdoc />
    public override Task SendConnectionAsync(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendConnectionAsync(connectionId, methodName, Kept(args), cancellationToken));

    /// <inheritdoc />
    public override Task SendConnectionsAsync(
        IReadOnlyList<string> connectionIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendConnectionsAsync(connectionIds, methodName, Kept(args), cancellationToken));

    /// <inheritdoc />
    public override Task SendGroupAsync(
        string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendGroupAsync(groupName, methodName, Kept(args), cancellationToken));

    /// <inheritdoc />
    public override Task SendGroupsAsync(
        IReadOnlyList<string> groupNames, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendGroupsAsync(groupNames, methodName, Kept(args), cancellationToken));

    /// <inheritdoc />
    public override Task SendGroupExceptAsync(
        string groupName,
        string methodName,
        object?[] args,
        IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendGroupExceptAsync(groupName, methodName, Kept(args), excludedConnectionIds, cancellationToken));

    /// <inheritdoc />
    public override Task SendUserAsync(string userId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendUserAsync(userId, methodName, Kept(args), cancellationToken));

    /// <inheritdoc />
    public override Task SendUsersAsync(
        IReadOnlyList<string> userIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        TryAsync(() => _inner.SendUsersAsync(userIds, methodName, Kept(args), cancellationToken));

    /// <inheritdoc />
    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        RegroupAsync(connectionId, () => _inner.AddToGroupAsync(connectionId, groupName, cancellationToken));

    /// <inheritdoc />
    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        RegroupAsync(connectionId, () => _inner.RemoveFromGroupAsync(connectionId, groupName, cancellationToken));

    /// <inheritdoc />
    public override Task<T> InvokeConnectionAsync<T>(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken) =>
        _inner.InvokeConnectionAsync<T>(connectionId, methodName, args, cancellationToken);

    /// <inheritdoc />
    public override Task SetConnectionResultAsync(string connectionId, Microsoft.AspNetCore.SignalR.Protocol.CompletionMessage result) =>
        _inner.SetConnectionResultAsync(connectionId, result);

    /// <inheritdoc />
    public override bool TryGetReturnType(string invocationId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Type? type) =>
        _inner.TryGetReturnType(invocationId, out type);

    private static object?[] Kept(object?[] args) => Array.Exists(args, IsKey) ? Array.FindAll(args, arg => !IsKey(arg)) : args;

    private static bool IsKey(object? arg) => arg is SentOnce;

    // A connection of another replica that does not take part in the change comes back, or is gone: its own replica puts it right.
    private async Task RegroupAsync(string connectionId, Func<Task> change)
    {
        var changing = TryAsync(change);
        if (_here.ContainsKey(connectionId))
        {
            await changing;
            return;
        }

        try
        {
            await changing.WaitAsync(ElsewherePatience, _time);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _ = changing.ContinueWith(
                late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (_isAway(e))
        {
            throw new BackplaneUnavailableException("The backplane could not be reached.", e);
        }
    }
}

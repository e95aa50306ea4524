using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;

namespace Hubbub.Server.Accounts;

/// <summary>Makes <c>Clients.User(id)</c> mean the account's id, written with hyphens.</summary>
internal sealed class HubUserIds : IUserIdProvider
{
    /// <inheritdoc />
    public string? GetUserId(HubConnectionContext connection) => connection.User.FindFirstValue(Principals.IdClaim);
}

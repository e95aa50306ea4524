using Dapper;
using Hubbub.Server.Accounts;
using Npgsql;

namespace Hubbub.Server.Chat;

/// <summary>
/// Puts every new account into the lobby. Nobody is told: it has no connections yet, and others hear of it when it first comes online.
/// </summary>
internal sealed class LobbyEntrance : IAccountCreated
{
    /// <inheritdoc />
    public Task AccountCreatedAsync(Guid userId, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "insert into room_members (room_id, user_id, read_seq) select id, @userId, last_seq from rooms where id = @LobbyId",
            new { userId, ChatRooms.LobbyId },
            transaction,
            cancellationToken: cancellationToken));
}

using Npgsql;

namespace Hubbub.Server.Accounts;

/// <summary>What a feature adds to every new account. Register any number.</summary>
internal interface IAccountCreated
{
    /// <summary>Called after the user's row was inserted, in the same transaction: if it throws, there is no account.</summary>
    /// <param name="userId">Whose account it is.</param>
    /// <param name="transaction">Use it and its connection; do not end it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task AccountCreatedAsync(Guid userId, NpgsqlTransaction transaction, CancellationToken cancellationToken);
}

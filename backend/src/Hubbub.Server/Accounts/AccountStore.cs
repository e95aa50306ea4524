using Dapper;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace Hubbub.Server.Accounts;

/// <summary>Accounts in PostgreSQL, for ASP.NET Core Identity's <see cref="UserManager{TUser}"/>.</summary>
internal sealed class AccountStore(NpgsqlDataSource database, IEnumerable<IAccountCreated> features, IdentityErrorDescriber errors) :
    IUserPasswordStore<Account>, IUserLockoutStore<Account>, IUserSecurityStampStore<Account>, IUserRoleStore<Account>
{
    private const string Columns =
        """
        u.id, u.user_name, u.password_hash, u.security_stamp, u.concurrency_stamp, u.failed_sign_ins, u.locked_until,
        array(select r.role from user_roles r where r.user_id = u.id order by r.role) as roles
        """;

    private const string WriteRoles =
        """
        delete from user_roles where user_id = @Id and role <> all (@Roles);
        insert into user_roles (user_id, role) select @Id, unnest(@Roles) on conflict do nothing
        """;

    /// <inheritdoc />
    public async Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into users (id, user_name, password_hash, security_stamp, concurrency_stamp, failed_sign_ins, locked_until)
                values (@Id, @UserName, @PasswordHash, @SecurityStamp, @ConcurrencyStamp, @FailedSignIns, @LockedUntil)
                """,
                user,
                transaction,
                cancellationToken: cancellationToken));
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "users_name" })
        {
            // Somebody else took the name after the validator had looked, maybe on another replica.
            return IdentityResult.Failed(errors.DuplicateUserName(user.UserName));
        }

        await connection.ExecuteAsync(new CommandDefinition(WriteRoles, user, transaction, cancellationToken: cancellationToken));
        foreach (var feature in features)
            await feature.AccountCreatedAsync(user.Id, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return IdentityResult.Success;
    }

    /// <inheritdoc />
    public async Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken)
    {
        var next = Guid.NewGuid().ToString("n");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var updated = await connection.ExecuteAsync(new CommandDefinition(
            """
            update users
            set user_name = @UserName, password_hash = @PasswordHash, security_stamp = @SecurityStamp, concurrency_stamp = @next,
                failed_sign_ins = @FailedSignIns, locked_until = @LockedUntil
            where id = @Id and concurrency_stamp = @ConcurrencyStamp
            """,
            new
            {
                user.Id,
                user.UserName,
                user.PasswordHash,
                user.SecurityStamp,
                user.ConcurrencyStamp,
                user.FailedSignIns,
                user.LockedUntil,
                next,
            },
            transaction,
            cancellationToken: cancellationToken));
        if (updated == 0)
            return IdentityResult.Failed(errors.ConcurrencyFailure());

        await connection.ExecuteAsync(new CommandDefinition(WriteRoles, user, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        user.ConcurrencyStamp = next;
        return IdentityResult.Success;
    }

    /// <inheritdoc />
    public async Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var deleted = await connection.ExecuteAsync(new CommandDefinition(
            "delete from users where id = @Id and concurrency_stamp = @ConcurrencyStamp",
            new { user.Id, user.ConcurrencyStamp },
            cancellationToken: cancellationToken));
        return deleted == 0 ? IdentityResult.Failed(errors.ConcurrencyFailure()) : IdentityResult.Success;
    }

    /// <inheritdoc />
    public async Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(userId, "d", out var id))
            return null;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            $"select {Columns} from users u where u.id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public async Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken)
    {
        // Also keeps text out that PostgreSQL does not take, such as U+0000.
        if (!Credentials.IsUserName(normalizedUserName))
            return null;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            $"""select {Columns} from users u where lower(u.user_name collate "C") = lower(@normalizedUserName collate "C")""",
            new { normalizedUserName },
            cancellationToken: cancellationToken));
    }

    /// <inheritdoc />
    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString("d"));

    /// <inheritdoc />
    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.UserName);

    /// <inheritdoc />
    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken)
    {
        user.UserName = userName ?? throw new ArgumentNullException(nameof(userName));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.UserName.ToUpperInvariant());

    /// <inheritdoc />
    /// <remarks>Nothing to keep: the database compares without regard to case by itself.</remarks>
    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    /// <inheritdoc />
    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    /// <inheritdoc />
    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    /// <inheritdoc />
    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);

    /// <inheritdoc />
    public Task SetLockoutEndDateAsync(Account user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockedUntil = lockoutEnd;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<int> IncrementAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedSignIns);

    /// <inheritdoc />
    public Task ResetAccessFailedCountAsync(Account user, CancellationToken cancellationToken)
    {
        user.FailedSignIns = 0;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<int> GetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.FailedSignIns);

    /// <inheritdoc />
    /// <remarks>Nobody is exempt.</remarks>
    public Task<bool> GetLockoutEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <inheritdoc />
    public Task SetLockoutEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task AddToRoleAsync(Account user, string roleName, CancellationToken cancellationToken)
    {
        user.Roles = [.. user.Roles.Union([ToRole(roleName)], StringComparer.Ordinal)];
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task RemoveFromRoleAsync(Account user, string roleName, CancellationToken cancellationToken)
    {
        user.Roles = [.. user.Roles.Except([ToRole(roleName)], StringComparer.Ordinal)];
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<IList<string>> GetRolesAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<IList<string>>([.. user.Roles]);

    /// <inheritdoc />
    public Task<bool> IsInRoleAsync(Account user, string roleName, CancellationToken cancellationToken) =>
        Task.FromResult(user.Roles.Contains(ToRole(roleName), StringComparer.Ordinal));

    /// <inheritdoc />
    public async Task<IList<Account>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Account>(new CommandDefinition(
            $"select {Columns} from users u where exists (select from user_roles r where r.user_id = u.id and r.role = @role) limit 1000",
            new { role = ToRole(roleName) },
            cancellationToken: cancellationToken))).AsList();
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }

    // Identity hands role names over in upper case.
    private static string ToRole(string roleName) => roleName.ToLowerInvariant();
}

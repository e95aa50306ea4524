using Npgsql;

namespace Hubbub.Server.Cluster.Leadership;

/// <summary>The session that holds an office, or tries to get it. Whoever disposes of it leaves the office.</summary>
internal sealed class LeaderConnection(NpgsqlConnection connection, LeadershipOptions options, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    /// <summary>One attempt to take an office; the number of the new term, or null.</summary>
    public async Task<long?> TakeAsync(string office, string replica, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("select take_office($1, $2, $3)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = office },
                new NpgsqlParameter { Value = replica },
                new NpgsqlParameter { Value = options.Lease },
            },
        };
        return await command.ExecuteScalarAsync(CancellationToken.None).WaitAsync(options.Lease, time, cancellationToken) as long?;
    }

    /// <summary>Gives a sign of life. False if somebody else is in office by now.</summary>
    public async Task<bool> RenewAsync(LeaderTerm term, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("update leaderships set renewed_at = clock_timestamp() where office = $1 and term = $2", connection)
        {
            Parameters = { new NpgsqlParameter { Value = term.Office }, new NpgsqlParameter { Value = term.Number } },
        };

        // An answer later than that is as good as none: the others need not wait any longer than this.
        return await command.ExecuteNonQueryAsync(CancellationToken.None).WaitAsync(options.Lease - options.RenewEvery, time, cancellationToken) == 1;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() =>
        // One that does not answer is left to its own time-outs.
        await CloseAsync().WaitAsync(Farewell, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task CloseAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            // It is gone, which is what was wanted.
        }
    }
}

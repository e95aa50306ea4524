using Hubbub.Server.Data;

namespace Hubbub.Server.Platform;

/// <summary>What connects the replicas: the values of <c>Backplane:Store</c>, in any letter case.</summary>
internal enum BackplaneChoice
{
    /// <summary>Hubbub's log in PostgreSQL; the default.</summary>
    Postgres,

    /// <summary>Hubbub's log in Redis.</summary>
    Redis,

    /// <summary>Microsoft's publish/subscribe over Redis: no order across channels, no replay, no resume.</summary>
    Microsoft,

    /// <summary>Azure SignalR Service, to which clients connect instead of to the replica.</summary>
    Azure,

    /// <summary>Nothing: each replica reaches its own connections only.</summary>
    None,

    /// <summary>Hubbub's log in the memory of a single replica, for tests.</summary>
    InMemory,
}

/// <summary>The <see cref="BackplaneChoice"/> of this replica, for those who behave differently with one or the other.</summary>
internal sealed record ChosenBackplane(BackplaneChoice Choice)
{
    /// <summary>Whether what one replica sends reaches the connections of all.</summary>
    public bool ReachesAll => Choice is not BackplaneChoice.None;
}

/// <summary>What follows from a <see cref="BackplaneChoice"/>.</summary>
internal static class BackplaneChoices
{
    /// <summary>What <c>Backplane:Store</c> says; <see cref="BackplaneChoice.Postgres"/> without it.</summary>
    /// <exception cref="StartException">It is none of the choices.</exception>
    public static BackplaneChoice Read(IConfiguration configuration)
    {
        var text = configuration["Backplane:Store"];
        if (string.IsNullOrEmpty(text))
            return BackplaneChoice.Postgres;

        // Enum.Parse would take numbers too.
        foreach (var choice in Enum.GetValues<BackplaneChoice>())
        {
            if (string.Equals(text, choice.ToString(), StringComparison.OrdinalIgnoreCase))
                return choice;
        }

        throw new StartException($"Backplane__Store is {text}; it has to be postgres, redis, microsoft, azure, none or inmemory");
    }

    extension(BackplaneChoice choice)
    {
        /// <summary>As clients and the command line name it.</summary>
#pragma warning disable CA1308 // It is shown in lower case, not compared.
        public string Name => choice.ToString().ToLowerInvariant();
#pragma warning restore CA1308
    }
}

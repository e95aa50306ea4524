using System.Globalization;

namespace Hubbub.Server.Tests.Harness;

/// <summary>The Redis server of the tests, given by <c>HUBBUB_TEST_REDIS</c> as <c>host:port</c>.</summary>
internal static class RedisServer
{
    private const string Variable = "HUBBUB_TEST_REDIS";

    /// <summary>Where it is; skips the test, or fails it where stores are required, if there is none.</summary>
    public static (string Host, int Port) Address
    {
        get
        {
            var text = Environment.GetEnvironmentVariable(Variable);
            if (string.IsNullOrEmpty(text))
                throw PostgresServer.SkipOrFail($"{Variable} does not name a Redis server");
            var colon = text.LastIndexOf(':');
            return (text[..colon], int.Parse(text[(colon + 1)..], CultureInfo.InvariantCulture));
        }
    }
}

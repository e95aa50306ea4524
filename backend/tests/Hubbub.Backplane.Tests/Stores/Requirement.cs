namespace Hubbub.Backplane.Tests.Stores;

/// <summary>
/// What a test needs from the machine. Without it the test is skipped and says why; where it must be there, the test fails.
/// </summary>
internal static class Requirement
{
    public static string Postgres => FromEnvironment("HUBBUB_TEST_POSTGRES", "an Npgsql connection string to a server where databases may be created");

    public static string Redis => FromEnvironment("HUBBUB_TEST_REDIS", "host:port of a Redis server");

    /// <summary>The path of a program.</summary>
    public static string Program(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var found = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return found ?? Missing($"{name} is not on the PATH");
    }

    public static void Unix()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("signals are a thing of Unix");
    }

    private static string FromEnvironment(string name, string meaning)
    {
        var value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value) ? Missing($"{name} is not set ({meaning})") : value;
    }

    private static string Missing(string reason)
    {
        var isRequired = Environment.GetEnvironmentVariable("HUBBUB_TEST_REQUIRE_STORES") == "1"
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (isRequired)
            Assert.Fail(reason);
        Assert.Skip(reason);
        return "";
    }
}

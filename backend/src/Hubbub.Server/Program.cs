using Hubbub.Server.Accounts;
using Hubbub.Server.Chat;
using Hubbub.Server.Cluster;
using Hubbub.Server.Data;
using Hubbub.Server.Platform;
using Microsoft.Extensions.Options;

namespace Hubbub.Server;

/// <summary>A replica of Hubbub.</summary>
internal static class Program
{
    /// <summary>Runs until it is told to stop. 0, or 1 if it could not start.</summary>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            await using var app = Build(args);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is StartException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync($"hubbub cannot start: {e.Message}");
            return 1;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"hubbub cannot start: {e.Message}");
            return 1;
        }
    }

    /// <summary>Puts a replica together, without starting it.</summary>
    /// <param name="args">The command line: settings as <c>--Section:Key=value</c>.</param>
    /// <param name="configure">What a test wants otherwise; called before the features are added.</param>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);

        builder.AddPlatform();
        builder.AddData();
        builder.AddAccounts();
        builder.AddCluster();
        builder.AddRealtime();
        builder.AddChat();

        var app = builder.Build();
        app.UsePlatform();
        app.MapHealth();
        app.MapAccounts();
        app.MapCluster();
        app.MapChat();
        return app;
    }
}

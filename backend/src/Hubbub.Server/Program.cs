using Hubbub.Server.Accounts;
using Hubbub.Server.Chat;
using Hubbub.Server.Cluster;
using Hubbub.Server.Data;
using Hubbub.Server.Platform;
using Hubbub.Server.Quiz;
using Hubbub.Server.Stocks;
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
            await using var app = await CreateAsync(args);
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

    /// <summary>Puts a replica together: it has checked its settings, and its database is there, but it does not listen yet.</summary>
    /// <param name="args">The command line: settings as <c>--Section:Key=value</c>.</param>
    /// <param name="configure">What a test wants otherwise; called before the features are added.</param>
    internal static async Task<WebApplication> CreateAsync(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);

        builder.AddPlatform();
        builder.AddData();
        builder.AddAccounts();
        builder.AddCluster();
        builder.AddRealtime();
        builder.AddChat();
        builder.AddQuiz();
        builder.AddStocks();

        var app = builder.Build();
        try
        {
            app.UsePlatform();
            app.Services.GetRequiredService<IStartupValidator>().Validate();

            // A hub's backplane starts to work as soon as the hub is mapped.
            await app.Services.GetRequiredService<DatabaseStart>().WaitAsync(CancellationToken.None);
            app.MapHealth();
            app.MapApiDocument();
            app.MapAccounts();
            app.MapCluster();
            app.MapChat();
            app.MapQuiz();
            app.MapStocks();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Hubbub.Server.Tests.Harness;

/// <summary>A replica in this process that listens on a real port.</summary>
internal sealed class TestReplica : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _isGone;

    private TestReplica(WebApplication app, LogCapture logs)
    {
        _app = app;
        Logs = logs;
        Url = new Uri(app.Urls.Single());
        Http = CreateClient();
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>A client without cookies and without sign-in.</summary>
    public HttpClient Http { get; }

    /// <summary>Everything it has logged, at every level.</summary>
    public LogCapture Logs { get; }

    /// <summary>What is inside.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="settings">Its configuration.</param>
    /// <param name="configure">Adds services.</param>
    /// <param name="map">Adds endpoints.</param>
    public static async Task<TestReplica> StartAsync(
        Settings settings, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        var logs = new LogCapture();
        var app = await Program.CreateAsync([], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(new Settings
            {
                ["Replica:Heartbeat"] = "00:00:00.250",
                // The market is still, for all tests but its own.
                ["Stocks:TickInterval"] = "01:00:00",
                // People of all tests come from one address.
                ["Accounts:RateLimits:Login:PerAddress"] = "100000",
                ["Accounts:RateLimits:Register:PerAddress"] = "100000",
            });
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
            configure?.Invoke(builder);
        });
        map?.Invoke(app);
        try
        {
            await app.StartAsync();
            var replica = new TestReplica(app, logs);
            await Eventually.TrueAsync(async () => (await replica.Http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
            return replica;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of this replica with a cookie jar of its own, or one shared with clients of other replicas, as in a browser.</summary>
    public HttpClient CreateClient(CookieContainer? cookies = null) =>
        new(new SocketsHttpHandler { UseCookies = cookies is not null, CookieContainer = cookies ?? new CookieContainer(), AllowAutoRedirect = false })
        {
            BaseAddress = Url,
            Timeout = Eventually.Patience,
        };

    /// <summary>Registers somebody with a random name, and keeps the cookie.</summary>
    public Task<Person> RegisterAsync() => RegisterAsync(Person.RandomName());

    /// <summary>Registers somebody, and keeps the cookie.</summary>
    public Task<Person> RegisterAsync(string userName) => Person.SignInAsync(this, "register", userName, Person.Password);

    /// <summary>Signs somebody in, and keeps the cookie.</summary>
    public Task<Person> LoginAsync(string userName, string password = Person.Password) => Person.SignInAsync(this, "login", userName, password);

    /// <summary>Stops it as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        await _app.StopAsync();
        await DisposeAsync();
    }

    /// <summary>Ends it without a word to anybody, as far as that can be done to a part of a process.</summary>
    public async Task KillAsync()
    {
        if (_isGone)
            return;
        _isGone = true;
        Http.Dispose();
        await _app.DisposeAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_isGone)
            return;
        await _app.StopAsync();
        await KillAsync();
    }
}

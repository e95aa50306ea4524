using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Cluster;

/// <summary>Who this replica is. Known once the server listens.</summary>
internal sealed class ReplicaIdentity
{
    private readonly Lazy<Uri> _url;
    private readonly Lazy<string> _name;

    public ReplicaIdentity(IOptions<ReplicaOptions> options, IServer server)
    {
        // A caller that asks before the server listens gets an exception, which must not be cached.
        _url = new Lazy<Uri>(() => options.Value.PublicUrl ?? FirstAddress(server), LazyThreadSafetyMode.PublicationOnly);
        _name = new Lazy<string>(() => options.Value.Name ?? NameAfter(_url.Value), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The name people see, 1 to 64 letters, digits, '.', '_' or '-'.</summary>
    public string Name => _name.Value;

    /// <summary>Scheme, host and port that browsers reach it under, without a slash at the end.</summary>
    public string Url => _url.Value.GetLeftPart(UriPartial.Authority);

    /// <summary>The version of the software.</summary>
    public static string Version { get; } = typeof(ReplicaIdentity).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The name as far as the settings tell it before the server listens; null if it depends on a port that is still to be found.</summary>
    public static string? NameBeforeStart(IConfiguration configuration)
    {
        if (configuration["Replica:Name"] is { Length: > 0 } name)
            return name;
        if (Uri.TryCreate(configuration["Replica:PublicUrl"], UriKind.Absolute, out var url))
            return NameAfter(url);

        // Endpoints in Kestrel's own section take the place of these.
        var address = configuration[WebHostDefaults.ServerUrlsKey] ?? (configuration[WebHostDefaults.HttpPortsKey] is { } ports ? $"http://*:{ports}" : null);
        if (address is null || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            return null;
        var parts = BindingAddress.Parse(address.Split(';')[0]);
        return parts.Port == 0 ? null : NameAfter(new UriBuilder(parts.Scheme, "localhost", parts.Port).Uri);
    }

    private static Uri FirstAddress(IServer server)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The server does not listen yet");

        // "Any address" is none that a browser could use.
        var parts = BindingAddress.Parse(address);
        var isAny = parts.Host is "*" or "+" or "[::]" or "0.0.0.0";
        return new UriBuilder(parts.Scheme, isAny ? "localhost" : parts.Host, parts.Port).Uri;
    }

    private static string NameAfter(Uri url)
    {
        var machine = new string([.. Environment.MachineName.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.').Take(50)]);
        return string.Create(CultureInfo.InvariantCulture, $"{machine}-{url.Port}");
    }
}

using System.Net;
using Hubbub.Backplane.Client;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.SignalR.Client;

/// <summary>Makes connections that move between the replicas of a hub and miss nothing.</summary>
public static class ResumeHubConnectionBuilderExtensions
{
    /// <summary>
    /// Connects to a hub that runs on several replicas. When the connection is lost it is made again, to whichever replica answers, for as long as it takes,
    /// and goes on where it was: each call of the server is handled once and in order. Use the builder that this returns; it takes the place of
    /// <c>WithUrl</c> and <c>WithAutomaticReconnect</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="urls">The hub's addresses, one for each replica.</param>
    /// <param name="configureHttp">Transports, access token, headers and the like; the address is left alone.</param>
    /// <param name="configure">How to resume.</param>
    /// <returns>The builder to go on with.</returns>
    /// <exception cref="ArgumentException">There is no address, one of them is not absolute, or an option is out of its range.</exception>
    public static IHubConnectionBuilder WithResume(
        this IHubConnectionBuilder builder,
        IEnumerable<Uri> urls,
        Action<HttpConnectionOptions>? configureHttp = null,
        Action<ResumeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(urls);
        Uri[] replicas = [.. urls.Distinct()];
        if (replicas.Length == 0 || !replicas.All(url => url.IsAbsoluteUri))
            throw new ArgumentException("Give at least one address, and only absolute ones.", nameof(urls));
        var options = new ResumeOptions();
        configure?.Invoke(options);
        options.Check();

        builder.WithUrl(replicas[0], http => configureHttp?.Invoke(http));

        // Each attempt goes to an address of its own, so there is none in the options, which would have to be the same.
        builder.Services.PostConfigure<HttpConnectionOptions>(http => http.Url = null);
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(replicas[0]));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Position);
        builder.Services.AddSingleton(new ReplicaChoice(replicas, options.TimeProvider));
        builder.Services.AddSingleton<IConnectionFactory>(services => services.GetRequiredService<IHubProtocol>() is ResumingProtocol
            ? ActivatorUtilities.CreateInstance<ResumingConnectionFactory>(services)
            : throw new InvalidOperationException("Build the connection with the builder that WithResume returned."));
        builder.WithAutomaticReconnect(new JitteredRetry(options.MaxReconnectDelay));
        return new ResumingHubConnectionBuilder(builder);
    }

    /// <summary>The same with addresses as text.</summary>
    /// <inheritdoc cref="WithResume(IHubConnectionBuilder, IEnumerable{Uri}, Action{HttpConnectionOptions}, Action{ResumeOptions})" />
    public static IHubConnectionBuilder WithResume(
        this IHubConnectionBuilder builder,
        IEnumerable<string> urls,
        Action<HttpConnectionOptions>? configureHttp = null,
        Action<ResumeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(urls);
        return builder.WithResume(urls.Select(url => new Uri(url, UriKind.RelativeOrAbsolute)), configureHttp, configure);
    }
}

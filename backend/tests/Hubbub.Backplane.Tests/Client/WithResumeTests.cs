using Hubbub.Backplane.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Hubbub.Backplane.Tests.Client;

/// <summary>What is wrong with how a connection is built is said where it is built.</summary>
public sealed class WithResumeTests
{
    [Fact]
    public void It_asks_for_absolute_addresses()
    {
        Assert.Throws<ArgumentException>(() => new HubConnectionBuilder().WithResume(Array.Empty<string>()));
        Assert.Throws<ArgumentException>(() => new HubConnectionBuilder().WithResume(["http://a/hub", "/hub"]));
    }

    [Fact]
    public void It_asks_for_options_within_their_ranges()
    {
        string[] urls = ["http://a/hub"];
        Assert.Throws<ArgumentOutOfRangeException>(() => new HubConnectionBuilder().WithResume(urls, configure: o => o.AttemptTimeout = TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HubConnectionBuilder().WithResume(urls, configure: o => o.MaxReconnectDelay = TimeSpan.FromDays(1)));
        Assert.Throws<ArgumentNullException>(() => new HubConnectionBuilder().WithResume(urls, configure: o => o.Position = null!));
    }

    [Fact]
    public void The_builder_that_was_given_cannot_build_what_would_not_resume()
    {
        var builder = new HubConnectionBuilder();
        builder.WithResume(["http://a/hub"]);
        Assert.Contains("WithResume returned", Assert.Throws<InvalidOperationException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "json")]
    [InlineData(true, "messagepack")]
    public void The_protocol_may_be_chosen_before_or_after(bool isPacked, string expected)
    {
        var after = new HubConnectionBuilder().WithResume(["http://a/hub"]);
        IHubConnectionBuilder before = new HubConnectionBuilder();
        if (isPacked)
        {
            after.AddMessagePackProtocol();
            before.AddMessagePackProtocol();
        }

        foreach (var builder in new[] { after, before.WithResume(["http://a/hub"]) })
        {
            builder.Build();
            using var services = builder.Services.BuildServiceProvider();
            Assert.Equal(expected, Assert.IsType<ResumingProtocol>(services.GetRequiredService<IHubProtocol>()).Name);
        }
    }
}

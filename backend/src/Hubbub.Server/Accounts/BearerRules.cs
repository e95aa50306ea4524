using Hubbub.Server.Platform;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hubbub.Server.Accounts;

/// <summary>Who may come in with which token.</summary>
internal sealed class BearerRules(AccessTokens tokens) : IConfigureNamedOptions<JwtBearerOptions>
{
    /// <inheritdoc />
    public void Configure(string? name, JwtBearerOptions options) => Configure(options);

    /// <inheritdoc />
    public void Configure(JwtBearerOptions options)
    {
        options.TokenValidationParameters = tokens.CreateRules();

        // Claims keep the names they have in the token.
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false });
        options.Events = new JwtBearerEvents { OnMessageReceived = ReadQuery, OnTokenValidated = Accept };
    }

    // Browsers cannot set headers on a WebSocket. Only hubs read the query: an address with a token in it is easily passed on.
    private static Task ReadQuery(MessageReceivedContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is not null)
            context.Token = context.HttpContext.Features.Get<QueryToken>()?.Value;
        return Task.CompletedTask;
    }

    private static Task Accept(TokenValidatedContext context)
    {
        if (!AccessTokens.IsOurs(context.SecurityToken))
            context.Fail("This is not an access token of Hubbub");

        // What CloseOnAuthenticationExpiration of a hub goes by.
        context.Properties.ExpiresUtc = new DateTimeOffset(context.SecurityToken.ValidTo, TimeSpan.Zero);
        return Task.CompletedTask;
    }
}

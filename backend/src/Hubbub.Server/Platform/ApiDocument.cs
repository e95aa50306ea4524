using System.Security.Cryptography;
using Hubbub.Server.Cluster;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Hubbub.Server.Platform;

/// <summary>
/// The HTTP API as an OpenAPI document at <c>/openapi/v1.json</c>, and in development a page to read and try it, at <c>/scalar</c>. The document is
/// served always: it says nothing that <c>docs/contract.md</c> does not, and a client is best made from the replica that it will talk to.
/// </summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const string BearerScheme = "bearer";

    /// <summary>Registers it.</summary>
    public static void AddApiDocument(this IServiceCollection services)
    {
        // To make the document takes a while, and anybody may ask for it.
        services.AddOutputCache();
        services.AddOpenApi(Name, options => options
            .AddDocumentTransformer((document, _, _) => Describe(document))
            .AddOperationTransformer((operation, context, _) => RequireToken(operation, context))
            .AddSchemaTransformer((schema, context, _) => Describe(schema, context.JsonTypeInfo.Type)));
    }

    /// <summary>Maps it. Behind the middleware of <see cref="AddApiDocument"/>'s cache.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi().CacheOutput().AllowAnonymous();
        if (app.Environment.IsDevelopment())
            app.MapScalarApiReference("/scalar", ShowPage).AllowAnonymous();
    }

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Hubbub",
            Version = ReplicaIdentity.Version,
            Description =
                "Rooms, a quiz and a market board. Every replica answers every call. The hubs, `/chatHub`, `/statisticsHub` and `/stockTickerHub`, speak "
                + "SignalR's protocols and are described in `docs/contract.md`. Errors are problem details (RFC 9457); where programs need to tell them "
                + "apart they have a `code`. A database that is away is a 503 with `Retry-After`.",
        };

        // Whatever host it was read from: any replica will do.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent(BearerScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The `accessToken` of a session.",
        });
        return Task.CompletedTask;
    }

    private static Task RequireToken(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, context.Document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiSchema schema, Type type)
    {
        if (type.IsAssignableTo(typeof(ProblemDetails)))
        {
            schema.Properties ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
            schema.Properties["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Tells problems of the same status apart, such as `name_taken`. Left out where the status says enough.",
            };
        }

        // The serialiser reads numbers from strings too. Clients need not know.
        if (schema.Type is { } kind && kind.HasFlag(JsonSchemaType.String) && (kind.HasFlag(JsonSchemaType.Integer) || kind.HasFlag(JsonSchemaType.Number)))
        {
            schema.Type = kind & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        return Task.CompletedTask;
    }

    // All that the page needs comes from its package. Its one script in the page itself is named to the browser by a nonce.
    private static void ShowPage(ScalarOptions page, HttpContext context)
    {
        page.Title = "Hubbub";
        page.Nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        page.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp();
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{page.Nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    }
}

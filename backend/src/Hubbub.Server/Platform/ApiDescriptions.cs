using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Hubbub.Server.Platform;

/// <summary>What the types of a handler do not tell the API's document.</summary>
internal static class ApiDescriptions
{
    /// <summary>A part of the API. Any call of it may find the database away.</summary>
    /// <param name="app">Where to map it.</param>
    /// <param name="prefix">The route that all its endpoints begin with.</param>
    /// <param name="tag">Its heading in the document.</param>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder app, string prefix, string tag) =>
        app.MapGroup(prefix).WithTags(tag).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>For people who are signed in, or those of a policy.</summary>
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder endpoints, string? policy = null)
        where TBuilder : IEndpointConventionBuilder
    {
        if (policy is null)
            return endpoints.RequireAuthorization().ProducesProblem(StatusCodes.Status401Unauthorized);
        return endpoints.RequireAuthorization(policy)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
    }

    /// <summary>Names an operation and says what it does.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="name">Its operation id.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="problems">The statuses of the problems that its handler or filters answer with, and that no type of its results names.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary, params int[] problems)
    {
        endpoint.WithName(name).WithSummary(summary);
        foreach (var status in problems)
            endpoint.ProducesProblem(status);
        return endpoint;
    }

    /// <summary>Says that the endpoint reads a JSON body, with what can be wrong about one.</summary>
    public static RouteHandlerBuilder TakesJson(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    /// <summary>Says what a query parameter means.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder endpoint, string name, string meaning) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            Parameter(operation, name).Description = meaning;
            return Task.CompletedTask;
        });

    /// <summary>Says what a query parameter means that has to be a number: the handler takes text, so that it can say itself what is wrong.</summary>
    public static RouteHandlerBuilder WithNumber(this RouteHandlerBuilder endpoint, string name, string meaning, long least, long most, long usual) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var parameter = Parameter(operation, name);
            parameter.Description = meaning;
            parameter.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int64",
                Minimum = least.ToString(CultureInfo.InvariantCulture),
                Maximum = most.ToString(CultureInfo.InvariantCulture),
                Default = JsonValue.Create(usual),
            };
            return Task.CompletedTask;
        });

    /// <summary>Says that a query parameter is <c>true</c> or <c>false</c>, the latter if it is left out.</summary>
    public static RouteHandlerBuilder WithFlag(this RouteHandlerBuilder endpoint, string name, string meaning) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var parameter = Parameter(operation, name);
            parameter.Description = meaning;
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };
            return Task.CompletedTask;
        });

    /// <summary>Says that the endpoint takes a file as body, whatever its content type.</summary>
    public static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["*/*"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                },
            };
            return Task.CompletedTask;
        });

    private static OpenApiParameter Parameter(OpenApiOperation operation, string name) =>
        operation.Parameters?.OfType<OpenApiParameter>().FirstOrDefault(p => p.Name == name)
        ?? throw new InvalidOperationException($"{operation.OperationId} has no parameter {name}.");
}

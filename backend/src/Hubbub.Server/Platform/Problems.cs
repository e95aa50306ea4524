using System.Globalization;
using System.Text.Json;
using Hubbub.Backplane;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Hubbub.Server.Platform;

/// <summary>Turns what went wrong into problem details (RFC 9457): enough for the caller, nothing of the inside.</summary>
internal sealed partial class Problems(TimeProvider time, ILogger<Problems> logger) : IExceptionHandler
{
    private readonly Outage _database = new(time);
    private readonly Outage _backplane = new(time);

    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (method, path) = (httpContext.Request.Method, httpContext.Request.Path.Value);
        LogLevel level;
        switch (exception)
        {
            case OperationCanceledException or IOException when httpContext.RequestAborted.IsCancellationRequested:
                // Nobody is there to read an answer.
                return true;
            case BadHttpRequestException bad:
                await Describe(bad, httpContext).ExecuteAsync(httpContext);
                return true;
            case NpgsqlException { IsTransient: true } or TimeoutException or NpgsqlException { InnerException: TimeoutException or IOException }:
                level = _database.Fail();
                Log.Away(logger, level, method, path, exception);
                httpContext.Response.Headers.RetryAfter = "1";
                await TypedResults.Problem("The database does not answer. Try again.", statusCode: StatusCodes.Status503ServiceUnavailable)
                    .ExecuteAsync(httpContext);
                return true;
            case BackplaneUnavailableException:
                level = _backplane.Fail();
                Log.BackplaneAway(logger, level, method, path, exception);
                httpContext.Response.Headers.RetryAfter = "1";
                await TypedResults.Problem("The backplane does not answer. Try again.", statusCode: StatusCodes.Status503ServiceUnavailable)
                    .ExecuteAsync(httpContext);
                return true;
            default:
                Log.Failed(logger, method, path, exception);
                await TypedResults.Problem("Something went wrong on our side.", statusCode: StatusCodes.Status500InternalServerError)
                    .ExecuteAsync(httpContext);
                return true;
        }
    }

    /// <summary>Gives a body to answers that have a status only: from routing, authentication, limits.</summary>
    public static Task DescribeStatusAsync(StatusCodeContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        return TypedResults.Problem(
            status switch
            {
                StatusCodes.Status401Unauthorized => "Sign in first.",
                StatusCodes.Status403Forbidden => "You may not do this.",
                StatusCodes.Status404NotFound => "There is nothing here.",
                StatusCodes.Status405MethodNotAllowed => "This address does not take this method.",
                StatusCodes.Status413PayloadTooLarge => TooLarge(context.HttpContext),
                StatusCodes.Status415UnsupportedMediaType => "The body has to be JSON, with Content-Type: application/json.",
                _ => null,
            },
            statusCode: status).ExecuteAsync(context.HttpContext);
    }

    /// <summary>Names fields as the JSON does: the validation speaks of a record's members.</summary>
    public static void NameFields(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is HttpValidationProblemDetails problem)
        {
            problem.Errors = problem.Errors.ToDictionary(
                field => string.Join('.', field.Key.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName)), field => field.Value, StringComparer.Ordinal);
        }
    }

    // The limit is the server's, or that of the endpoint.
    private static string TooLarge(HttpContext context) =>
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"The body is larger than {limit / 1024} KiB.")
            : "The body is too large.";

    private static ProblemHttpResult Describe(BadHttpRequestException bad, HttpContext context)
    {
        if (bad is { StatusCode: StatusCodes.Status400BadRequest, InnerException: JsonException json })
            return Describe(json);
        return TypedResults.Problem(
            bad.StatusCode switch
            {
                StatusCodes.Status400BadRequest => "The request is incomplete: a parameter or the JSON body is missing or malformed.",
                StatusCodes.Status413PayloadTooLarge => TooLarge(context),
                StatusCodes.Status415UnsupportedMediaType => "The body has to be JSON, with Content-Type: application/json.",
                _ => null,
            },
            statusCode: bad.StatusCode);
    }

    // The exception's own message names types. Where it is, is enough; a path below the top is that of a field.
    private static ProblemHttpResult Describe(JsonException json)
    {
        var isWellFormed = json.InnerException is InvalidOperationException or FormatException || json.InnerException is null;
        if (isWellFormed && json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal))
        {
            return TypedResults.Problem(new HttpValidationProblemDetails(
                new Dictionary<string, string[]>(StringComparer.Ordinal) { [path[2..]] = ["This is given twice, or is not of the right type."] })
            {
                Status = StatusCodes.Status400BadRequest,
            });
        }

        return TypedResults.Problem(
            isWellFormed ? "The body is JSON, but not of the form that is expected here." : $"The body is not valid JSON (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}).",
            statusCode: StatusCodes.Status400BadRequest);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed", EventName = "RequestFailed")]
        public static partial void Failed(ILogger logger, string method, string? path, Exception exception);

        [LoggerMessage(EventId = 2, EventName = "RequestWithoutDatabase", Message = "{Method} {Path} did not reach the database")]
        public static partial void Away(ILogger logger, LogLevel level, string method, string? path, Exception exception);

        [LoggerMessage(EventId = 3, EventName = "RequestWithoutBackplane", Message = "{Method} {Path} did not reach the backplane")]
        public static partial void BackplaneAway(ILogger logger, LogLevel level, string method, string? path, Exception exception);
    }
}

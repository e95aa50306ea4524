using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hubbub.Server.Tests.Harness;

/// <summary>An error as the contract has it.</summary>
internal sealed record Problem(string? Title, int Status, string? Detail, Dictionary<string, string[]>? Errors, JsonElement? Checks)
{
    /// <summary>Reads one from a response, which has to be a well-formed one with this status.</summary>
    public static async Task<Problem> ReadAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(response.Headers.GetValues("X-Replica"));
        var problem = await response.Content.ReadFromJsonAsync<Problem>(TestContext.Current.CancellationToken);
        Assert.Equal((int)status, problem!.Status);
        Assert.False(string.IsNullOrEmpty(problem.Title));
        return problem;
    }
}

using System.Net;
using System.Text.RegularExpressions;
using Hubbub.Server.Tests.Harness;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Hubbub.Server.Tests.Platform;

public sealed partial class ApiDocumentTests(TwoReplicas replicas) : IClassFixture<TwoReplicas>
{
    [Fact]
    public async Task The_document_is_valid_and_the_same_on_every_replica()
    {
        var text = await replicas.A.Http.GetStringAsync("/openapi/v1.json");
        Assert.Equal(text, await replicas.B.Http.GetStringAsync("/openapi/v1.json"));
        var read = await OpenApiDocument.LoadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.Equal("/", Assert.Single(read.Document!.Servers!).Url);
    }

    [Fact]
    public async Task Every_mapped_endpoint_of_the_API_is_in_it_and_nothing_else()
    {
        var mapped = ApiEndpoints().SelectMany(e => MethodsOf(e).Select(method => $"{method} {PathOf(e)}"));
        var described = (await OperationsAsync()).Select(o => o.Call);
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_who_may_call_it_and_how_it_fails()
    {
        var endpoints = ApiEndpoints().SelectMany(e => MethodsOf(e).Select(method => (Call: $"{method} {PathOf(e)}", e))).ToDictionary(p => p.Call, p => p.e);
        foreach (var (call, operation) in await OperationsAsync())
        {
            var isOpen = endpoints[call].Metadata.GetMetadata<IAuthorizeData>() is null || endpoints[call].Metadata.GetMetadata<IAllowAnonymous>() is not null;
            Assert.False(string.IsNullOrWhiteSpace(operation.Summary), $"{call} has no summary");
            Assert.False(string.IsNullOrWhiteSpace(operation.OperationId), $"{call} has no id");
            Assert.Single(operation.Tags!);
            Assert.Equal(isOpen, (operation.Security ?? []).Count == 0);
            Assert.True(isOpen || operation.Responses!.ContainsKey("401"), call);
            Assert.Contains(operation.Responses!, r => r.Key.StartsWith('2'));
            foreach (var (status, response) in operation.Responses!.Where(r => r.Key[0] is '4' or '5'))
            {
                var problem = Assert.Contains("application/problem+json", response.Content!);
                Assert.Contains("status", problem.Schema!.Properties!.Keys);
                Assert.True(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture) is >= 400 and < 600, $"{call}: {status}");
            }
        }
    }

    [Fact]
    public async Task Parameters_have_a_meaning_and_numbers_their_bounds()
    {
        foreach (var (call, operation) in await OperationsAsync())
        {
            foreach (var parameter in (operation.Parameters ?? []).Where(p => p.In == ParameterLocation.Query))
                Assert.False(string.IsNullOrEmpty(parameter.Description), $"{call}: {parameter.Name}");
        }

        var limit = (await OperationsAsync()).Single(o => o.Call == "GET /api/rooms/{}/messages").Operation.Parameters!.Single(p => p.Name == "limit");
        Assert.Equal((JsonSchemaType.Integer, "1", "100"), (limit.Schema!.Type, limit.Schema.Minimum, limit.Schema.Maximum));
    }

    [Fact]
    public async Task The_calls_of_the_contract_are_in_it_with_their_failures()
    {
        var operations = (await OperationsAsync()).ToDictionary(o => o.Call, o => o.Operation);
        var rows = (await File.ReadAllLinesAsync(ContractFile())).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var seen = new List<string>();
        foreach (var row in rows)
        {
            var cells = row.Split('|');
            foreach (Match match in Call().Matches(cells[1]))
            {
                var call = $"{match.Groups["method"].Value} {Parameter().Replace(match.Groups["path"].Value, "{}")}";
                Assert.True(operations.ContainsKey(call), $"{call} is in the contract only");
                seen.Add(call);
                foreach (Match status in Status().Matches(cells[3]))
                    Assert.True(operations[call].Responses!.ContainsKey(status.Value), $"{call} may answer {status.Value}");
            }
        }

        Assert.Equal(operations.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Outside_of_development_there_is_no_page_for_it()
    {
        using var response = await replicas.A.Http.GetAsync("/scalar");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task In_development_a_page_shows_it_with_scripts_of_its_own_only()
    {
        await using var cluster = await TestCluster.StartAsync(1, configure: builder => builder.Environment.EnvironmentName = "Development");
        using var page = await cluster[0].Http.GetAsync("/scalar/");
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        var nonce = Assert.Single(Nonce().Matches(html).Select(m => m.Groups["nonce"].Value).Distinct(StringComparer.Ordinal));
        Assert.Contains($"'nonce-{nonce}'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        var scripts = Script().Matches(html).Select(m => m.Groups["src"].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            Assert.DoesNotContain("//", script, StringComparison.Ordinal);
            using var response = await cluster[0].Http.GetAsync(new Uri(new Uri(cluster[0].Url, "/scalar/"), script));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        // The next page has another one, and other pages are as strict as ever.
        using var again = await cluster[0].Http.GetAsync("/scalar/");
        Assert.NotEqual(policy, again.Headers.GetValues("Content-Security-Policy").Single());
        using var other = await cluster[0].Http.GetAsync("/api/replicas");
        Assert.DoesNotContain("nonce", other.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private IEnumerable<RouteEndpoint> ApiEndpoints() => replicas.A.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(e => PathOf(e).StartsWith("/api/", StringComparison.Ordinal));

    private static IEnumerable<string> MethodsOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods;

    private static string PathOf(RouteEndpoint endpoint) => Parameter().Replace("/" + endpoint.RoutePattern.RawText!.Trim('/'), "{}");

    private async Task<List<(string Call, OpenApiOperation Operation)>> OperationsAsync()
    {
        await using var stream = await replicas.A.Http.GetStreamAsync("/openapi/v1.json");
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        copy.Position = 0;
        var document = (await OpenApiDocument.LoadAsync(copy, "json")).Document!;
        return [.. document.Paths.SelectMany(path => path.Value.Operations!.Select(operation =>
            ($"{operation.Key.Method} {Parameter().Replace(path.Key.TrimEnd('/'), "{}")}", operation.Value)))];
    }

    private static string ContractFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docs", "contract.md")))
            folder = folder.Parent ?? throw new FileNotFoundException("docs/contract.md");
        return Path.Combine(folder.FullName, "docs", "contract.md");
    }

    [GeneratedRegex("`(?<method>GET|POST|PUT|DELETE) (?<path>/api/[^`? ]*)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\b[45][0-9][0-9]\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Status();

    [GeneratedRegex("nonce=\"(?<nonce>[^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]* src=\"(?<src>[^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hubbub.Server.Tests.Harness;
using Hubbub.Server.Tests.Realtime;

namespace Hubbub.Server.Tests.Quiz;

/// <summary>Somebody who plays, or administrates, at any replica.</summary>
internal sealed class QuizPerson(Person person, IReadOnlyList<TestReplica> replicas) : IDisposable
{
    private readonly List<HttpClient> _http = [.. replicas.Select(person.On)];

    public Guid Id { get; } = Guid.Parse(person.Id);

    /// <summary>This person's requests to a replica.</summary>
    public HttpClient Http(int replica = 0) => _http[replica];

    /// <summary>A category that nobody else has.</summary>
    public static string NewCategory() => $"category {Guid.NewGuid():n}"[..30];

    /// <summary>Opens the statistics page; the snapshot has come when this returns.</summary>
    public async Task<HubClient> WatchAsync(int replica = 0)
    {
        var hub = await HubClient.ConnectAsync(new Uri(replicas[replica].Url, "/statisticsHub"), person.AccessToken);
        await hub.EnteredAsync();
        return hub;
    }

    /// <summary>What a GET returns, which has to succeed.</summary>
    public Task<JsonElement> GetAsync(string address, int replica = 0) => Http(replica).GetFromJsonAsync<JsonElement>(address);

    /// <summary>The next question.</summary>
    public Task<JsonElement> NextAsync(string category, int replica = 0) => GetAsync($"/api/trivia?category={Uri.EscapeDataString(category)}", replica);

    /// <summary>Answers, with a status to be looked at.</summary>
    public Task<HttpResponseMessage> TryAnswerAsync(string questionId, string optionId, string? clientAnswerId = null, int replica = 0) =>
        Http(replica).PostAsJsonAsync("/api/trivia", new { questionId, optionId, clientAnswerId });

    /// <summary>Answers.</summary>
    public async Task<JsonElement> AnswerAsync(string questionId, string optionId, string? clientAnswerId = null, int replica = 0)
    {
        using var response = await TryAnswerAsync(questionId, optionId, clientAnswerId, replica);
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    /// <summary>Answers right or wrong, as wanted.</summary>
    public Task<JsonElement> AnswerAsync(MadeQuestion question, bool rightly, int replica = 0) =>
        AnswerAsync(question.Id, rightly ? question.Right : question.Wrong, replica: replica);

    /// <summary>Makes a question whose first option is the right one.</summary>
    public async Task<MadeQuestion> MakeQuestionAsync(string category, int options = 4, string? title = null)
    {
        using var response = await Http().PostAsJsonAsync("/api/quiz/questions", new
        {
            title = title ?? $"What about {Guid.NewGuid():n}?",
            category,
            explanation = "Because it is so.",
            options = Enumerable.Range(0, options).Select(i => new { title = $"Option {i}", isCorrect = i == 0 }),
        });
        return new MadeQuestion(await ReadAsync(response, HttpStatusCode.Created));
    }

    /// <summary>Imports a file and returns the report.</summary>
    public async Task<JsonElement> ImportAsync(string content, string query = "")
    {
        using var response = await TryImportAsync(Encoding.UTF8.GetBytes(content), query);
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    /// <summary>Imports a file, with a status to be looked at.</summary>
    public async Task<HttpResponseMessage> TryImportAsync(byte[] content, string query = "")
    {
        using var body = new ByteArrayContent(content);
        return await Http().PostAsync($"/api/quiz/import{query}", body);
    }

    /// <summary>The body of a response, which has to have this status.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The <c>code</c> of a problem with this status.</summary>
    public static async Task<string?> CodeAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        await Problem.ReadAsync(response, status);
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString();
    }

    /// <inheritdoc />
    public void Dispose() => _http.ForEach(client => client.Dispose());
}

/// <summary>A question as it was made.</summary>
internal sealed record MadeQuestion(JsonElement Json)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string Right => Options.Single(o => o.GetProperty("isCorrect").GetBoolean()).GetProperty("id").GetString()!;

    public string Wrong => Options.First(o => !o.GetProperty("isCorrect").GetBoolean()).GetProperty("id").GetString()!;

    public int Revision => Json.GetProperty("revision").GetInt32();

    private List<JsonElement> Options => [.. Json.GetProperty("options").EnumerateArray()];
}

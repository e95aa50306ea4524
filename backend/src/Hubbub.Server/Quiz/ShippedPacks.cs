using System.Reflection;
using Hubbub.Server.Quiz.Import;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Quiz;

/// <summary>Gives a database the questions that come with the server, each once, before the server listens.</summary>
internal sealed partial class ShippedPacks(QuestionBank bank, IOptions<QuizOptions> options, ILogger<ShippedPacks> logger) : IHostedService
{
    private const string Folder = ".Quiz.Packs.";

    /// <summary>The packs in the assembly, <c>Quiz/Packs/*.json</c>, by name.</summary>
    public static IReadOnlyList<(string Name, byte[] Content)> ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var packs = new List<(string, byte[])>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            packs.Add((resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], content.ToArray()));
        }

        return packs;
    }

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.ShippedPacks)
            return;

        var drafts = new Dictionary<string, QuestionDraft>(StringComparer.Ordinal);
        foreach (var (name, content) in ReadAll())
        {
            // A test holds them to the rules. Should one slip through, a quiz without it is better than none.
            if (!ImportFile.Read(content, PackFormat.Name).Succeeded(out var file, out var error))
                Log.Unreadable(logger, name, error.Sentence);
            else
                AddTo(drafts, file.Rows.Questions);
        }

        var added = await bank.ShipAsync([.. drafts.Values], cancellationToken);
        if (added > 0)
            Log.Added(logger, added);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void AddTo(Dictionary<string, QuestionDraft> drafts, IReadOnlyList<QuestionDraft> questions)
    {
        foreach (var question in questions)
            drafts.TryAdd(question.TitleKey, question);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} questions that come with the server were added", EventName = "QuestionsShipped")]
        public static partial void Added(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Error, "The pack {Name} cannot be read: {Reason}", EventName = "PackUnreadable")]
        public static partial void Unreadable(ILogger logger, string name, string reason);
    }
}

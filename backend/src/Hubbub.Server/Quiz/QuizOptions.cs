using System.ComponentModel.DataAnnotations;
using Hubbub.Server.Platform;
using Microsoft.Extensions.Options;

namespace Hubbub.Server.Quiz;

/// <summary>The section <c>Quiz</c>.</summary>
internal sealed class QuizOptions
{
    public const string Section = "Quiz";

    /// <summary>Whether a database gets the questions of the packs that come with the server, each once.</summary>
    public bool ShippedPacks { get; set; } = true;

    /// <summary>Answers one person may give through one replica.</summary>
    [ValidateObjectMembers]
    public RateOptions AnswersPerUser { get; set; } = new() { Burst = 100, PerSecond = 10 };

    /// <summary>The least time between two updates of the statistics, in the whole cluster, by the database's clock.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan UpdateEvery { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a replica may take to tell everybody before another one does it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan ClaimFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a replica looks whether another one left something untold.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMilliseconds(400);
}

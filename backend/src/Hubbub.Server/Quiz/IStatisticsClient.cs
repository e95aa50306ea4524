namespace Hubbub.Server.Quiz;

/// <summary>What the statistics hub calls on its clients. Public, with all it mentions, because SignalR implements it in an assembly of its own.</summary>
public interface IStatisticsClient
{
    /// <summary>The statistics have moved, or the client has just come.</summary>
    Task UpdateStatistics(StatisticsUpdate update);
}

namespace Hubbub.Server.Cluster.Leadership;

/// <summary>A time in office.</summary>
/// <param name="Office">What the replica leads.</param>
/// <param name="Number">
/// Higher than that of every term before: the fencing number. All that a leader writes is to be written by statements that ask
/// <c>holds_office(office, number)</c> first, because a replica that was frozen learns only afterwards that its term has ended.
/// </param>
internal sealed record LeaderTerm(string Office, long Number);

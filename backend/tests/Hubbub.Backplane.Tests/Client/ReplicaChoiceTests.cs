using Hubbub.Backplane.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Time.Testing;

namespace Hubbub.Backplane.Tests.Client;

public sealed class ReplicaChoiceTests
{
    private static readonly Uri[] Replicas = [.. Enumerable.Range(1, 5).Select(i => new Uri($"http://replica{i}/hub"))];

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Every_replica_is_tried_once_and_the_clients_spread()
    {
        var choice = new ReplicaChoice(Replicas, _time);
        var firsts = Enumerable.Range(0, 500).Select(_ => choice.Candidates()).ToList();
        Assert.All(firsts, order => Assert.Equal(Replicas.ToHashSet(), order.ToHashSet()));
        Assert.Equal(Replicas.Length, firsts.Select(order => order[0]).Distinct().Count());
    }

    [Fact]
    public void Those_that_failed_come_last_the_latest_one_at_the_very_end_for_ten_seconds()
    {
        var choice = new ReplicaChoice(Replicas, _time);
        choice.Suspect(Replicas[1]);
        _time.Advance(TimeSpan.FromSeconds(1));
        choice.Suspect(Replicas[0]);
        Assert.Equal([Replicas[1], Replicas[0]], choice.Candidates().TakeLast(2));
        choice.Trust(Replicas[0]);
        Assert.Equal(Replicas[1], choice.Candidates()[^1]);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains(Enumerable.Range(0, 500), _ => choice.Candidates()[0] == Replicas[1]);
    }

    [Fact]
    public void Pauses_are_random_grow_to_the_longest_and_never_end()
    {
        var retry = new JitteredRetry(TimeSpan.FromSeconds(5));
        foreach (var (count, least, most) in new[] { (0, 0, 100), (1, 0, 500), (2, 0, 500), (3, 500, 1000), (4, 1000, 2000), (5, 2000, 4000), (6, 2500, 5000), (5_000, 2500, 5000) })
        {
            var pauses = Enumerable.Range(0, 100).Select(_ => retry.NextRetryDelay(new RetryContext { PreviousRetryCount = count })!.Value.TotalMilliseconds).ToList();
            Assert.All(pauses, pause => Assert.InRange(pause, least, most));
            Assert.True(pauses.Distinct().Count() > 50);
        }
    }
}

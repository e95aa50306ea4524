using System.Collections.Concurrent;
using System.Diagnostics;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Observing;
using Hubbub.Backplane.Publish;
using Hubbub.Backplane.Stores.InMemory;
using Hubbub.Backplane.Tests.Support;

namespace Hubbub.Backplane.Tests.Observing;

/// <summary>The only tests that listen to the activity source: the one without a listener relies on it.</summary>
public sealed class BackplaneTracingTests
{
    [Fact]
    public async Task A_send_leads_to_its_append_and_to_a_delivery_on_each_replica_with_connections()
    {
        var log = new InMemoryMessageLog();
        await using var left = new Replica(log, "tracing:");
        await using var right = new Replica(log, "tracing:");
        await using var idle = new Replica(log, "tracing:");
        var (here, there) = (await left.ConnectAsync(), await right.ConnectAsync());
        using var seen = new SeenActivities();

        await left.Manager.SendAllAsync("N", ["a text"]);
        await here.ExpectAsync("N", "a text");
        await there.ExpectAsync("N", "a text");
        await seen.CountAsync("deliver", 2);

        var send = seen.Single("send");
        var append = seen.Single("append");
        Assert.Equal((ActivityKind.Producer, default(ActivitySpanId)), (send.Kind, send.ParentSpanId));
        Assert.Equal((send.TraceId, send.SpanId), (append.TraceId, append.ParentSpanId));
        Assert.Equal(send.SpanId, Assert.Single(append.Links).Context.SpanId);
        Assert.All(seen.Of("deliver"), delivery =>
        {
            Assert.Equal((ActivityKind.Consumer, send.TraceId, send.SpanId), (delivery.Kind, delivery.TraceId, delivery.ParentSpanId));
            Assert.Equal("process", delivery.GetTagItem("messaging.operation.type"));
            Assert.Equal(1, delivery.GetTagItem("hubbub.connections"));
        });
        Assert.All(seen.All, activity =>
        {
            Assert.Equal("hubbub", activity.GetTagItem("messaging.system"));
            Assert.Equal(ActivityStatusCode.Unset, activity.Status);
            Assert.DoesNotContain(activity.TagObjects, tag => tag.Value is string text && text.Contains("a text", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task A_batch_is_linked_to_all_its_sends()
    {
        var log = new FaultyLog(new InMemoryMessageLog()) { IsAway = true };
        await using var replica = new Replica(log, "tracing:");
        using var seen = new SeenActivities();
        var first = replica.Manager.SendAllAsync("N", []);
        await Eventually.IsTrueAsync(() => replica.Status.IsAway, "the store is known to be away");
        var others = Enumerable.Range(0, 5).Select(_ => replica.Manager.SendAllAsync("N", [])).ToList();
        log.IsAway = false;
        await Task.WhenAll([first, .. others]);
        await Eventually.IsTrueAsync(() => seen.Of("append").Sum(a => a.Links.Count()) >= 6, "all are stored");

        Assert.Equal(
            seen.Of("send").Select(s => s.SpanId.ToString()).Order(StringComparer.Ordinal),
            seen.Of("append").SelectMany(a => a.Links).Select(l => l.Context.SpanId.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_send_that_fails_says_so_and_leaves_the_callers_activity_alone()
    {
        await using var replica = new Replica(new FaultyLog(new InMemoryMessageLog()) { IsAway = true }, "tracing:", options => options.PublishBudget = TimeSpan.FromMilliseconds(100));
        using var seen = new SeenActivities();
        using var caller = new Activity("caller").Start();
        var sending = replica.Manager.SendAllAsync("N", []);
        Assert.Same(caller, Activity.Current);
        await Assert.ThrowsAsync<BackplaneUnavailableException>(() => sending);
        await seen.CountAsync("append", 1);

        var send = seen.Single("send");
        Assert.Equal((ActivityStatusCode.Error, typeof(BackplaneUnavailableException).FullName), (send.Status, send.GetTagItem("error.type")));
        Assert.Equal(ActivityStatusCode.Error, seen.Single("append").Status);
    }

    [Fact]
    public async Task A_send_that_is_not_sampled_leaves_nothing_in_its_record()
    {
        var log = new InMemoryMessageLog();
        await using var replica = new Replica(log, "tracing:unsampled:");
        var client = await replica.ConnectAsync();
        using var seen = new SeenActivities(ActivitySamplingResult.PropagationData);
        await replica.Manager.SendAllAsync("N", []);
        await client.ExpectAsync("N");

        var stored = (await log.ReadAsync("tracing:unsampled:" + typeof(TestHub).FullName, 0, 10, default)).Entries;
        Assert.Null(RecordCodec.Decode(Assert.Single(stored).Body).TraceContext);
        Assert.DoesNotContain(seen.All, a => a.OperationName.StartsWith("append", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_listener_it_allocates_nothing()
    {
        IReadOnlyList<PendingAppend> members = [new PendingAppend([], "", 0)];
        Ask(members);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Ask(members);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Ask(IReadOnlyList<PendingAppend> members)
        {
            Assert.False(BackplaneTracing.IsOn);
            Assert.Null(BackplaneTracing.CurrentSend);
            BackplaneTracing.EndAppend(BackplaneTracing.StartAppend("s", members, 1), members);
        }
    }

    /// <summary>Listens to the backplane's source, and keeps the streams of this class: other tests run at the same time.</summary>
    private sealed class SeenActivities : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly ConcurrentQueue<Activity> _stopped = new();

        public SeenActivities(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == BackplaneTracing.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
                ActivityStopped = _stopped.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> All => [.. _stopped.Where(a => a.OperationName.Contains("tracing:", StringComparison.Ordinal))];

        public IReadOnlyList<Activity> Of(string operation) => [.. All.Where(a => a.OperationName.StartsWith(operation, StringComparison.Ordinal))];

        public Activity Single(string operation) => Assert.Single(Of(operation));

        public Task CountAsync(string operation, int count) =>
            Eventually.IsTrueAsync(() => Of(operation).Count >= count, $"{count} of {operation} have ended");

        public void Dispose() => _listener.Dispose();
    }
}

using System.Diagnostics;
using Hubbub.Backplane.Delivery;
using Hubbub.Backplane.Log;
using Hubbub.Backplane.Publish;

namespace Hubbub.Backplane.Observing;

/// <summary>
/// The spans of the backplane, as the activity source <c>Hubbub.Backplane</c>: a send, the append that stores it, and its delivery on each replica
/// that has connections for it. Names follow OpenTelemetry's conventions for messaging. No span carries arguments, or names of groups and users.
/// </summary>
internal static class BackplaneTracing
{
    public const string SourceName = "Hubbub.Backplane";

    /// <summary>OpenTelemetry keeps no more links of one span than this unless it is told to.</summary>
    private const int MaxLinks = 128;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>False while nobody traces: then a send costs nothing more than this question.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>The send that the caller is in, if it is traced.</summary>
    public static Activity? CurrentSend =>
        Source.HasListeners() && Activity.Current is { Recorded: true } current && ReferenceEquals(current.Source, Source) ? current : null;

    /// <summary>Begins the span of a send, in the caller's trace. Null if the send is not traced.</summary>
    public static Activity? StartSend(string stream, RecordKind kind, int records)
    {
        var send = Source.CreateActivity($"send {stream}", ActivityKind.Producer);
        if (send is { IsAllDataRequested: true })
        {
            Describe(send, stream, "send", "send").SetTag("hubbub.audience", AudienceOf(kind));
            if (records > 1)
                send.SetTag("messaging.batch.message_count", records);
        }

        return send?.Start();
    }

    /// <summary>
    /// Begins the span of an append: a child of the first traced send that it stores, linked to all of them. Null if none is traced.
    /// </summary>
    public static Activity? StartAppend(string stream, IReadOnlyList<PendingAppend> members, int records)
    {
        if (!IsOn || members.FirstOrDefault(m => m.Sender is not null)?.Sender is not { } first)
            return null;

        var links = members.Where(m => m.Sender is not null).Take(MaxLinks).Select(m => new ActivityLink(m.Sender!.Context));
        var append = Source.CreateActivity($"append {stream}", ActivityKind.Client, first.Context, tags: null, links);
        if (append is { IsAllDataRequested: true })
            Describe(append, stream, "append", "send").SetTag("messaging.batch.message_count", records);
        return append?.Start();
    }

    /// <summary>Ends the span of an append.</summary>
    /// <param name="append">The span.</param>
    /// <param name="members">Those who still waited when it was over.</param>
    public static void EndAppend(Activity? append, IReadOnlyList<PendingAppend> members)
    {
        if (append is null)
            return;
        if (members.Count == 0 || members.Any(m => !m.Task.IsCompletedSuccessfully))
            append.SetStatus(ActivityStatusCode.Error);
        append.Dispose();
    }

    /// <summary>
    /// Writes down that a traced record was handed out here. It is a child of the send: a record is delivered one by one, so the conventions allow it,
    /// and a trace reads from the sender to the last replica.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="item">The record, which carries the context of its send.</param>
    /// <param name="connections">How many connections got it.</param>
    /// <param name="since">When the replica began with it.</param>
    public static void Delivered(string stream, LogItem item, int connections, DateTimeOffset since)
    {
        if (!IsOn || TraceContext.Read(item.Record.TraceContext) is not { } send)
            return;

        using var delivery = Source.StartActivity($"deliver {stream}", ActivityKind.Consumer, send, startTime: since);
        if (delivery is { IsAllDataRequested: true })
        {
            Describe(delivery, stream, "deliver", "process")
                .SetTag("hubbub.audience", AudienceOf(item.Record.Kind))
                .SetTag("hubbub.connections", connections)
                .SetTag("messaging.message.id", item.Cursor.ToString());
        }
    }

    private static Activity Describe(Activity activity, string stream, string operation, string type) => activity
        .SetTag("messaging.system", "hubbub")
        .SetTag("messaging.destination.name", stream)
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.operation.type", type);

    private static string AudienceOf(RecordKind kind) => kind switch
    {
        RecordKind.All => "all",
        RecordKind.Group => "group",
        RecordKind.User => "user",
        _ => "connection",
    };
}

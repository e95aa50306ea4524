using System.Diagnostics;

namespace Hubbub.Backplane.Log;

/// <summary>
/// The context of a traced send as a record carries it: W3C's <c>traceparent</c> in 25 bytes, trace id (16), span id (8) and flags (1). Its
/// <c>tracestate</c> stays behind: clients may write into it what they like.
/// </summary>
internal static class TraceContext
{
    public const int Length = TraceIdLength + SpanIdLength + 1;

    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;

    /// <summary>The bytes for a record; null if the activity is not recorded, so that nobody looks for the other half of it.</summary>
    public static byte[]? Write(Activity? activity)
    {
        if (activity is not { Recorded: true, IdFormat: ActivityIdFormat.W3C })
            return null;

        var bytes = new byte[Length];
        activity.TraceId.CopyTo(bytes.AsSpan(0, TraceIdLength));
        activity.SpanId.CopyTo(bytes.AsSpan(TraceIdLength, SpanIdLength));
        bytes[^1] = (byte)activity.ActivityTraceFlags;
        return bytes;
    }

    /// <summary>The context that the bytes of a record hold; null if they hold none.</summary>
    public static ActivityContext? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            return null;

        var trace = bytes[..TraceIdLength];
        var span = bytes.Slice(TraceIdLength, SpanIdLength);
        if (!trace.ContainsAnyExcept((byte)0) || !span.ContainsAnyExcept((byte)0))
            return null;
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(trace),
            ActivitySpanId.CreateFromBytes(span),
            (ActivityTraceFlags)bytes[^1],
            traceState: null,
            isRemote: true);
    }
}
